# Decisions a fallback made because a rule failed.

decision-degraded = Қосалқы ереже шешкен
decision-rule = Ереже
decision-lead = Лид
decision-why = Не іске аспады
decision-by = Кім шешті
decision-again = Қайта
decision-rerun = Қайта шешу
decision-older = Бұрынғылары
decision-none-title = Бірде-бір ереже қате бермеген
decision-none-text = Скрипт қате берсе, оның орнына пакет шешеді, ал шешім осы тізімде көрінеді.
decision-by-last-good = Алдыңғы нұсқа
decision-by-pack = Пакет
decision-by-core = Негізгі ережелер
decision-by-override = Скрипттің өзі
toast-rerun = Ережеден тағы бір рет сұралады.
why-score = Неге осы баға?
why-message = Неге осы сөздер?
lead-score = Баға
