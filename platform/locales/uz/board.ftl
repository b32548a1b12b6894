## Doska
nav-board = Doska
board-label = Bosqichlar doskasi
board-as-list = Roʻyxat
board-late = kechikkan
board-soon = bir soat ichida
board-planned = rejada
board-none = qadam yoʻq
board-more = Yana koʻrsatish
board-no = Bu yerga oʻtkazilmaydi
board-back = Faqat menejer qaytaradi
board-asks = Qoʻysangiz, sabab soʻraladi
board-reason-none = Sababni tanlang
board-picked = { $name } olindi. Chap va oʻng strelka bosqichni tanlaydi, Enter qoʻyadi, Esc bekor qiladi.
board-over = Qoʻyish mumkin: { $to }
board-cancelled = Joyida qoldi
board-nowhere = { $name }: bu bosqichdan oʻtkazadigan joy yoʻq
board-moved = { $name }: { $to }
board-undo = Qaytarish
board-undone = { $name } qaytarildi: { $to }
board-moved-by = { $name } hozir “{ $to }” bosqichida: { $what } oʻtkazgan. Siz tanlagan bosqich qoʻyilmadi.
board-moved-meanwhile = { $name } hozir “{ $to }” bosqichida. Siz tanlagan bosqich qoʻyilmadi.
board-gone = Bu lid endi sizda emas, doskadan olindi.

## Jonli yangilanish
live-off = Jonli emas, ulanmoqda
live-changed = Bu lidni hozir hamkasbingiz oʻzgartirdi.
live-list-changed = Roʻyxatda yangilik bor.
live-show = Yangilash

## Board
error-moved-on-since = Lid shu orada yana oʻtkazilgan, qaytarib boʻlmaydi.
error-too-late-to-undo = Qaytarish vaqti oʻtdi: 10 daqiqa. Bosqichni oʻzingiz oʻzgartiring.
## Lidning maydonlari va qoʻngʻiroqlar
field-edit = Oʻzgartirish: { $name }
field-keep-mine = Menikini saqlash
field-keep-theirs = Oʻzgargani qolsin
field-changed-by = { $name } buni shu orada oʻzgartirdi: { $what }
field-changed = Bu shu orada oʻzgargan: { $what }
lead-log-call = Qoʻngʻiroqni yozish
lead-earlier = Oldingilarini koʻrsatish
call-direction = Yoʻnalishi
call-out = Chiquvchi
call-in = Kiruvchi
call-outcome = Natijasi
outcome-busy = Band
outcome-wrong_number = Raqam notoʻgʻri
event-call-out = chiquvchi qoʻngʻiroq
event-call-in = kiruvchi qoʻngʻiroq
event-move-undone = bosqich qaytarildi, oldin: { $from }
toast-call-logged = Qoʻngʻiroq yozildi
error-unknown-direction = Yoʻnalish “out” yoki “in” boʻlsin.

## Oila va birlashtirish
family-title = Oila va takrorlar
family-add = Oila aʼzosi sifatida qoʻshish
merge-title = Birlashtirish
merge-open = Boshqa lid bilan birlashtirish
merge-compare = Solishtirish
merge-found = Oʻxshash lidlar
merge-find-text = { $name } bilan bir odam boʻlgan lidni tanlang: bir xil telefonlilar tepada.
merge-text = Har qator uchun qoladigan qiymatni tanlang.
merge-stays = qoladi
merge-goes = qoʻshiladi
merge-same = bir xil
merge-both = Ikkala izoh ham qolsin
merge-keeps = Teglar, hamma telefonlar, tarix va aloqalar ikkala liddan ham qoladi. 30 kun ichida qaytarish mumkin.
merge-go = Birlashtirish
merge-swap = Oʻrnini almashtirish
merge-made = { $name } bilan birlashtirilgan, { $time }
event-merged = { $name } bilan birlashtirildi
event-unmerged = Birlashtirish qaytarildi
toast-merged = Lidlar birlashtirildi
toast-unmerged = Birlashtirish qaytarildi
error-same-lead = Lidni oʻzi bilan birlashtirib boʻlmaydi.
error-merge-too-old = Birlashtirishni 30 kun ichida qaytarish mumkin edi.
error-unknown-lead = Bunday lid yoʻq. Roʻyxatdan qayta tanlang.
