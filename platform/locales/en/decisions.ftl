# Decisions a fallback made because a rule failed.

decision-degraded = Decided by a fallback
decision-rule = Rule
decision-lead = Lead
decision-why = What failed
decision-by = Decided instead
decision-again = Again
decision-rerun = Decide again
decision-older = Older
decision-none-title = No rule has failed
decision-none-text = When a script fails, its pack decides in its place, and the decision is listed here.
decision-by-last-good = The previous version
decision-by-pack = The pack
decision-by-core = The core rules
decision-by-override = The script itself
toast-rerun = The rule is asked again.
why-score = Why this score?
why-message = Why these words?
lead-score = Score
