package secret

// FieldsOf is what reads the fields of a JSON secret.
var FieldsOf = fieldsOf

// CheckSchedule returns why a schedule cannot be; nil if it can.
func CheckSchedule(s *Schedule) error { return s.check() }
