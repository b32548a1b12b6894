## What can be wrong in a rule: one sentence a code. $reason is the engine's own sentence.
fault-in-base = In the pack's rule: { $reason }
fault-syntax =
    { $what ->
        [end] The text ends too early: a bracket is not closed.
        [string] A quotation mark is not closed.
        [escape] { $text } means nothing after a backslash.
        [number] { $text } is not a number.
        [input] { $text } does not belong here.
        [missing] { $text } is missing here.
        [expression] Something is missing here: a value or a call.
        [name] A name is missing here.
        [reserved] { $name } is a word of the language and cannot be a name.
        [params] The function { $name } has no list of parameters: write { $name }(ctx).
        [body] The function has no body in braces.
        [fn_twice] The function { $name } is written twice.
        [twice] { $name } is written twice.
        [fn_inside] A function cannot stand inside another function.
        [constant] { $name } is a constant and cannot be changed.
        [assignment] Nothing can be assigned to this.
        [break] break and continue belong inside a loop.
       *[other] This cannot be read: { $reason }
    }
fault-source-too-long = The rule is too long: { $n } bytes, at most { $max }.
fault-undefined-variable = Nothing here is called { $name }.
fault-captured-variable = A function without a name cannot see { $name } of the function around it.
fault-unknown-function =
    { $what ->
        [unit] { $name } does not exist: write hours(24), minutes(5) or days(1) for a length, a time for at().
       *[other] There is no function { $name }.
    }
fault-wrong-arity = { $name } takes { $expected } arguments, { $given } are given.
fault-unknown-hook = There is no hook { $name }, so nothing calls this.
fault-top-level-statement = This stands outside every function and never runs.
fault-unknown-status = There is no status { $name }.
fault-unknown-source = There is no source { $name }.
fault-unknown-lost-reason = There is no lost reason { $name }.
fault-unknown-template = There is no template { $name }.
fault-unknown-setting = There is no setting { $name }.
fault-unknown-property =
    { $what ->
        [absent] There is nothing here to take { $name } from: compare with () first.
        [hook] { $name } exists in other rules only.
       *[other] There is no field { $name }.
    }
fault-unused-function =
    { $what ->
        [later] Nothing calls { $name } yet.
       *[other] Nothing calls { $name }.
    }
fault-status-without-follow-up = The status { $name } gets no follow-up.
fault-unreachable-code = This is never reached.
fault-no-plan-on-path =
    { $hook ->
        [distribute] The rule can end here without assign(…) or queue(…).
       *[other] The rule can end here without an answer.
    }
fault-wrong-return =
    { $hook ->
        [distribute] The rule must answer with assign(…) or queue(…).
        [lead_score] The rule must answer with score(…).
        [kpi_score] The rule must answer with kpi(…) or ().
        [trial_rules] The rule must answer with allow() or deny(…).
        [message] The rule must answer with template(…).
       *[other] The rule must answer with plan().
    }
fault-no-unit = { $n } of what? Write hours({ $n }), minutes({ $n }) or days({ $n }).
fault-no-time = The follow-up { $name } has no time: add after(…), before(…) or at(…).
fault-duplicate-key = The plan already has a follow-up { $name }.
fault-plan-limit =
    { $what ->
        [follow_ups] A plan holds { $max } follow-ups at most.
        [notices] A plan holds { $max } messages at most.
        [tags] A plan holds { $max } tags at most.
        [text] A text of 1 to { $max } characters is needed here.
        [far] A follow-up may be a year ahead at most.
        [negative] A follow-up cannot be planned a negative time ahead.
        [score] A score lies between 0 and 100.
        [parts] There is room for { $max } parts here.
        [sequence] A sequence number lies between 1 and 1000.
       *[other] This is more than a plan may hold: { $reason }
    }
fault-unknown-anchor = before() counts from trial_start or trial_end, not from { $name }.
fault-no-trial = There is no trial to count from.
fault-unknown-candidate =
    { $what ->
        [nobody] assign() was given nobody: answer with queue(…) instead.
       *[other] { $name } is not among the candidates.
    }
fault-empty-range =
    { $what ->
        [weights] There must be as many weights as items, each 0 or more.
        [bucket] bucket() needs a count of at least 1.
       *[other] There is no number to choose from.
    }
fault-too-long =
    { $what ->
        [days] Working time is counted in hours or minutes, not in days.
       *[other] The time is too long: { $reason }
    }
fault-operations = The rule takes more steps than a call may.
fault-deadline = The rule runs longer than a call may.
fault-memory = The rule takes more memory than a call may.
fault-size = A text, list or map grows larger than it may.
fault-depth =
    { $what ->
        [functions] There are more functions than a rule may have.
        [variables] There are more variables than a rule may have.
        [expression] An expression is nested too deeply.
       *[other] Functions call each other too deeply.
    }
fault-arithmetic =
    { $what ->
        [zero] Something is divided by zero.
       *[other] The figure is too large to count with.
    }
fault-thrown = The rule gave up: { $text }
fault-paused = Left out after failing repeatedly.
fault-killed = The rule was stopped by force.
fault-script-killed = The script service stopped while the rule ran.
fault-sandbox-unavailable = The script service did not answer.
fault-sandbox-refused = The script service refused the request.
fault-source-missing = The text of the rule did not arrive.
fault-bad-batch = The rule could not be prepared.
fault-runtime =
    { $what ->
        [bounds] There is no item { $n } in a list of { $max }.
        [type] { $expected } is needed here, { $given } is given.
        [for] Only lists and ranges can be gone through with for.
        [index] This has no items to take by number or name.
       *[other] The rule failed: { $reason }
    }
