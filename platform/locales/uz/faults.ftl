## Qoidada nima notoʻgʻri boʻlishi mumkin: har kodga bitta gap. $reason — mexanizmning oʻz gapi.
fault-in-base = Paket qoidasida: { $reason }
fault-syntax =
    { $what ->
        [end] Matn erta tugadi: qavs yopilmagan.
        [string] Qoʻshtirnoq yopilmagan.
        [escape] Teskari chiziqdan keyin { $text } hech narsani bildirmaydi.
        [number] { $text } son emas.
        [input] { $text } bu yerda ortiqcha.
        [missing] Bu yerda { $text } yetishmayapti.
        [expression] Bu yerda qiymat yoki chaqiruv yetishmayapti.
        [name] Bu yerda nom yetishmayapti.
        [reserved] { $name } tilning oʻz soʻzi, nom boʻla olmaydi.
        [params] { $name } funksiyasining parametrlari yoʻq: { $name }(ctx) deb yozing.
        [body] Funksiyaning jingalak qavs ichidagi tanasi yoʻq.
        [fn_twice] { $name } funksiyasi ikki marta yozilgan.
        [twice] { $name } ikki marta yozilgan.
        [fn_inside] Funksiya boshqa funksiya ichida turolmaydi.
        [constant] { $name } oʻzgarmas, unga boshqa qiymat berib boʻlmaydi.
        [assignment] Bunga qiymat berib boʻlmaydi.
        [break] break va continue faqat sikl ichida yoziladi.
       *[other] Buni oʻqib boʻlmadi: { $reason }
    }
fault-source-too-long = Qoida juda uzun: { $n } bayt, koʻpi bilan { $max } mumkin.
fault-undefined-variable = Bu yerda { $name } degan narsa yoʻq.
fault-captured-variable = Nomsiz funksiya tashqaridagi { $name } ni koʻrmaydi.
fault-unknown-function =
    { $what ->
        [unit] { $name } yoʻq: muddatni hours(24), minutes(5) yoki days(1) deb yozing, at() ga esa vaqt bering.
       *[other] { $name } degan funksiya yoʻq.
    }
fault-wrong-arity = { $name } uchun { $expected } ta qiymat kerak, { $given } ta berilgan.
fault-unknown-hook = { $name } degan hodisa yoʻq, bu funksiyani hech narsa chaqirmaydi.
fault-top-level-statement = Bu funksiyalardan tashqarida turibdi va hech qachon ishlamaydi.
fault-unknown-status = { $name } degan bosqich yoʻq.
fault-unknown-source = { $name } degan manba yoʻq.
fault-unknown-lost-reason = { $name } degan rad sababi yoʻq.
fault-unknown-template = { $name } degan andoza yoʻq.
fault-unknown-setting = { $name } degan sozlama yoʻq.
fault-unknown-property =
    { $what ->
        [absent] Bu yer boʻsh, { $name } ni olib boʻlmaydi: avval () bilan solishtiring.
        [hook] { $name } faqat boshqa qoidalarda bor.
       *[other] { $name } degan maydon yoʻq.
    }
fault-unused-function =
    { $what ->
        [later] { $name } ni hozircha hech narsa chaqirmaydi.
       *[other] { $name } ni hech narsa chaqirmaydi.
    }
fault-status-without-follow-up = { $name } bosqichida aloqa rejalanmaydi.
fault-unreachable-code = Bu yerga navbat hech qachon yetmaydi.
fault-no-plan-on-path =
    { $hook ->
        [distribute] Qoida shu yerda assign(…) yoki queue(…) siz tugashi mumkin.
       *[other] Qoida shu yerda javobsiz tugashi mumkin.
    }
fault-wrong-return =
    { $hook ->
        [distribute] Qoida assign(…) yoki queue(…) bilan javob berishi kerak.
        [lead_score] Qoida score(…) bilan javob berishi kerak.
        [kpi_score] Qoida kpi(…) yoki () bilan javob berishi kerak.
        [trial_rules] Qoida allow() yoki deny(…) bilan javob berishi kerak.
        [message] Qoida template(…) bilan javob berishi kerak.
       *[other] Qoida plan() bilan javob berishi kerak.
    }
fault-no-unit = { $n } nima? hours({ $n }), minutes({ $n }) yoki days({ $n }) deb yozing.
fault-no-time = { $name } aloqasining vaqti yoʻq: after(…), before(…) yoki at(…) qoʻshing.
fault-duplicate-key = Rejada { $name } aloqasi allaqachon bor.
fault-plan-limit =
    { $what ->
        [follow_ups] Rejaga koʻpi bilan { $max } ta aloqa sigʻadi.
        [notices] Rejaga koʻpi bilan { $max } ta xabar sigʻadi.
        [tags] Rejaga koʻpi bilan { $max } ta belgi sigʻadi.
        [text] Bu yerga 1 tadan { $max } tagacha belgili matn kerak.
        [far] Aloqa koʻpi bilan bir yil oldinga rejalanadi.
        [negative] Aloqani manfiy muddatga rejalab boʻlmaydi.
        [score] Baho 0 dan 100 gacha boʻladi.
        [parts] Bu yerga koʻpi bilan { $max } ta qism sigʻadi.
        [sequence] Ketma-ketlik raqami 1 dan 1000 gacha boʻladi.
       *[other] Bu rejaga sigʻmaydi: { $reason }
    }
fault-unknown-anchor = before() trial_start yoki trial_end dan sanaydi, { $name } dan emas.
fault-no-trial = Sanash uchun sinov darsi yoʻq.
fault-unknown-candidate =
    { $what ->
        [nobody] assign() ga hech kim berilmadi: queue(…) bilan javob bering.
       *[other] { $name } nomzodlar orasida yoʻq.
    }
fault-empty-range =
    { $what ->
        [weights] Har bir variantga 0 dan kichik boʻlmagan bitta vazn kerak.
        [bucket] bucket() ga 1 dan kichik boʻlmagan son kerak.
       *[other] Tanlash uchun son yoʻq.
    }
fault-too-long =
    { $what ->
        [days] Ish vaqti kunlarda emas, soat yoki daqiqada sanaladi.
       *[other] Muddat juda uzun: { $reason }
    }
fault-operations = Qoida bir chaqiruvga ruxsat etilganidan koʻp qadam bosyapti.
fault-deadline = Qoida bir chaqiruvga ruxsat etilganidan uzoq ishlayapti.
fault-memory = Qoida bir chaqiruvga ruxsat etilganidan koʻp xotira olyapti.
fault-size = Matn, roʻyxat yoki lugʻat meʼyordan kattalashib ketyapti.
fault-depth =
    { $what ->
        [functions] Funksiyalar soni meʼyordan koʻp.
        [variables] Oʻzgaruvchilar soni meʼyordan koʻp.
        [expression] Ifoda juda chuqur joylashgan.
       *[other] Funksiyalar bir-birini juda chuqur chaqiryapti.
    }
fault-arithmetic =
    { $what ->
        [zero] Nimadir nolga boʻlinyapti.
       *[other] Son hisoblash uchun juda katta.
    }
fault-thrown = Qoida javob berishdan bosh tortdi: { $text }
fault-paused = Qayta-qayta xato bergani uchun chetlab oʻtildi.
fault-killed = Qoida majburan toʻxtatildi.
fault-script-killed = Qoida ishlayotganda qoidalar xizmati toʻxtab qoldi.
fault-sandbox-unavailable = Qoidalar xizmati javob bermadi.
fault-sandbox-refused = Qoidalar xizmati soʻrovni rad etdi.
fault-source-missing = Qoida matni yetib kelmadi.
fault-bad-batch = Qoidani tayyorlab boʻlmadi.
fault-runtime =
    { $what ->
        [bounds] { $max } talik roʻyxatda { $n }-oʻrin yoʻq.
        [type] Bu yerga { $expected } kerak, { $given } berilgan.
        [for] for faqat roʻyxat va oraliqlar ustidan yuradi.
        [index] Bundan raqam yoki nom bilan hech narsa olib boʻlmaydi.
       *[other] Qoida ishlamay qoldi: { $reason }
    }
