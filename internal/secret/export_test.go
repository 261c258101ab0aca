package secret

// FieldsOf is what reads the fields of a JSON secret.
var FieldsOf = fieldsOf
