package gcs

import (
	"encoding/json"
	"encoding/xml"
	"net/http"

	"google.golang.org/api/googleapi"
)

func answerJSON(w http.ResponseWriter, status int, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}

	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(raw) // a reader that has gone cannot be told
	return nil
}

type jsonRefusal struct {
	Error jsonRefusalBody `json:"error"`
}

type jsonRefusalBody struct {
	Code    int                   `json:"code"`
	Message string                `json:"message"`
	Errors  []googleapi.ErrorItem `json:"errors"`
}

func refuseJSON(w http.ResponseWriter, r *refusal) {
	if r.status == http.StatusNotModified {
		w.WriteHeader(r.status)
		return
	}

	items := []googleapi.ErrorItem{{Reason: reasons[r.status], Message: r.message}}
	_ = answerJSON(w, r.status, jsonRefusal{jsonRefusalBody{Code: r.status, Message: r.message, Errors: items}})
}

type xmlRefusal struct {
	XMLName       xml.Name `xml:"Error"`
	Code          string
	Message       string
	ParameterName string `xml:",omitempty"`
	Details       string `xml:",omitempty"`
}

func refuseXML(w http.ResponseWriter, req *http.Request, r *refusal) {
	if r.status == http.StatusNotModified {
		w.WriteHeader(r.status)
		return
	}

	w.Header().Set("Content-Type", "application/xml; charset=UTF-8")
	w.WriteHeader(r.status)
	if req.Method == http.MethodHead {
		return
	}

	// strings always marshal
	body, _ := xml.Marshal(xmlRefusal{Code: r.code, Message: r.message, ParameterName: r.parameter, Details: r.details})
	_, _ = w.Write(append([]byte("<?xml version='1.0' encoding='UTF-8'?>"), body...))
}
