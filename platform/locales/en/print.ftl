print-title = Print today’s list
print-print = Print
print-made = printed { $time }
print-done = Done
print-note = Last note
print-left-out = { $n ->
    [one] { $n } more follow-up did not fit. Choose one rep to print the rest.
   *[other] { $n } more follow-ups did not fit. Choose one rep to print the rest.
}
