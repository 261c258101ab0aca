package redact

import "strings"

// commonWords are what configuration says beside a password. To replace them would destroy the text and hide nothing.
var commonWords = wordsOf(`
	true false null none undefined default auto enabled disabled
	main master develop trunk head latest stable
	production staging development testing preview sandbox local
	localhost 127.0.0.1 0.0.0.0 example.com
	http https tcp udp ssh sftp smtp imap ldap amqp mqtt grpc
	postgres postgresql mysql mariadb mongodb mongo redis sqlite sqlserver mssql oracle cassandra elasticsearch
	kafka rabbitmq
	root ubuntu debian public dbo admin@example.com
	disable allow prefer require verify-ca verify-full
	utf8 utf-8 utf8mb4 ascii json yaml text plain
	debug info warn warning error trace
	bearer basic digest oauth oauth2 apikey service_account
	read write readonly readwrite
	aws azure gcp google github gitlab slack stripe`)

func wordsOf(list string) map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		words[word] = true
	}

	return words
}

// isCommon reports that a text is one of the common words, in upper or lower case.
func isCommon(plain []byte) bool {
	return len(plain) <= 16 && commonWords[strings.ToLower(string(plain))]
}
