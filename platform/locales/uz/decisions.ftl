# Decisions a fallback made because a rule failed.

decision-degraded = Zaxira qoida qaror qilgan
decision-rule = Qoida
decision-lead = Lid
decision-why = Nima ishlamadi
decision-by = Kim qaror qildi
decision-again = Qayta
decision-rerun = Qayta hal qilish
decision-older = Oldingilari
decision-none-title = Birorta qoida xato bermagan
decision-none-text = Skript xato bersa, uning oʻrniga paket qaror qiladi va qaror shu yerda koʻrinadi.
decision-by-last-good = Oldingi versiya
decision-by-pack = Paket
decision-by-core = Asosiy qoidalar
decision-by-override = Skriptning oʻzi
toast-rerun = Qoidadan yana bir bor soʻraladi.
why-score = Nega shu baho?
why-message = Nega shu soʻzlar?
lead-score = Baho
