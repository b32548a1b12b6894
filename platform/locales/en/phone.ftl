error-phone-missing = There is no phone number.
error-phone-not-a-number = This does not look like a phone number. Type digits only: 90 123 45 67.
error-phone-too-short = The number is too short. Type all of it, with the operator code: 90 123 45 67.
error-phone-too-long = The number is too long. Type one number; the second has its own field.
error-phone-unknown = No such number exists. Check the code.
error-phone-digits-lost = The spreadsheet lost the last digits of the number (9.98901E+11). Format the column as text and type the numbers again.
