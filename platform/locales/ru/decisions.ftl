# Decisions a fallback made because a rule failed.

decision-degraded = Решено запасным правилом
decision-rule = Правило
decision-lead = Лид
decision-why = Что не сработало
decision-by = Кто решил
decision-again = Повторно
decision-rerun = Решить заново
decision-older = Раньше
decision-none-title = Ни одно правило не давало сбоя
decision-none-text = Если скрипт даёт сбой, вместо него решает пакет, и решение попадает в этот список.
decision-by-last-good = Предыдущая версия
decision-by-pack = Пакет
decision-by-core = Базовые правила
decision-by-override = Сам скрипт
toast-rerun = Правило спросят ещё раз.
why-score = Почему такая оценка?
why-message = Почему эти слова?
lead-score = Оценка
