## Many follow-ups at once
follow-ups-reschedule = Keyinga surish
follow-ups-reassign = Boshqaga berish
follow-ups-complete = Yakunlash
follow-ups-delete = Oʻchirish
follow-ups-look = Nima oʻzgarishini koʻrish
follow-ups-hours = Necha soatdan keyin
follow-ups-hours-hint = Har bir xodimning ish vaqtida birin-ketin. Koʻpi bilan 720 soat.
follow-ups-to = Kimga
follow-ups-with-leads = Lidlar ham oʻtadi
follow-ups-with-leads-hint = Lidlarsiz berilsa, hamkasb ularni qayta aloqa bajarilguncha koʻradi. Lidlar bilan berilsa, ularga tegishli ochiq ishlarning hammasi oʻtadi.
follow-ups-complete-hint = Har biri sizning nomingizdan, hozir, shu natija bilan yakunlanadi.
follow-ups-delete-hint = Ular saqlanadi, lekin ochiq ham, bajarilgan ham hisoblanmaydi.
follow-ups-preview = Nima oʻzgaradi
follow-ups-preview-undo = Yetti kun ichida bekor qilish mumkin; shu orada kimdir ishlagani oʻz holicha qoladi.
follow-ups-count = Qayta aloqalar
follow-ups-first = Birinchisi
follow-ups-last = Oxirgisi
follow-ups-stay = Bular oʻz holicha qoladi
follow-ups-and-more = va yana { $n } ta
follow-ups-will-reschedule = { $of } ta qayta aloqadan { $n } tasi keyinga suriladi
follow-ups-will-reassign = { $of } ta qayta aloqadan { $n } tasi boshqaga beriladi
follow-ups-will-complete = { $of } ta qayta aloqadan { $n } tasi yakunlanadi
follow-ups-will-delete = { $of } ta qayta aloqadan { $n } tasi oʻchiriladi
follow-ups-will-hours =
    { $n ->
        [0] Hozirdan boshlab, har bir xodimning ish vaqtida birin-ketin.
       *[other] { $n } soatdan keyin boshlab, har bir xodimning ish vaqtida birin-ketin.
    }
follow-ups-will-owner = Kimga: { $name }.
follow-ups-will-leads = Ular bilan { $n } ta lid bor ochiq ishi bilan oʻtadi.
follow-ups-will-outcome = Natija: { $what }.
follow-ups-will-outside = { $n } tasiga uch oy ichida ish vaqti topilmadi
follow-ups-bulk-none = Birorta qayta aloqa belgilanmagan
follow-ups-bulk-running = Qayta aloqalar oʻzgarmoqda
follow-ups-bulk-undone = { $n } ta qayta aloqa avvalgi holiga qaytdi
follow-ups-did-reschedule = { $n } ta qayta aloqa keyinga surildi
follow-ups-did-reassign = { $n } ta qayta aloqa boshqaga berildi
follow-ups-did-complete = { $n } ta qayta aloqa yakunlandi
follow-ups-did-delete = { $n } ta qayta aloqa oʻchirildi
event-follow-up-rescheduled = { $what }: { $from } dan { $to } ga surildi
event-follow-up-reassigned = endi bajaradi: { $what }
event-follow-up-deleted = qadamni oʻchirdi: { $what }
event-follow-up-undone = oʻzgarishni bekor qildi: { $what }
event-follow-up-moved-holiday = Markaz yopiq boʻlgani uchun surildi: { $what }, { $from } → { $to }
event-follow-up-moved-opened = Kun yana ish kuni, qaytdi: { $what }, { $from } → { $to }

## One follow-up
follow-ups-snooze-1h = 1 soat
follow-ups-snooze-tomorrow = ertaga ertalab
follow-ups-snooze-3d = 3 kundan keyin
follow-ups-snooze-1w = bir haftadan keyin
follow-ups-reminded = Eslatma { $time }, { $name }
follow-ups-reminder-delivered = yetib bordi
follow-ups-reminder-waiting = yoʻlda
follow-ups-reminder-failed = yetib bormadi
follow-ups-reminder-portal = Telegram ulanmagan
toast-follow-up-moved = Qayta aloqa keyinga surildi
today-stopped = Sizga yangi lidlar kelmayapti: { $n } ta qayta aloqa kechikkan. Ular { $of } tadan kam boʻlganda yana keladi.
today-stopped-all = Kechikkan qayta aloqalar bajarilmaguncha sizga yangi lidlar kelmaydi: { $n } ta.
