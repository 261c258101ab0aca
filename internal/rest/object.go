package rest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// version is one immutable state of an object, as GraphQL has it.
type version struct {
	ID          string
	Version     int
	SizeBytes   big
	ContentType string
	CRC32C      string
	MD5         *string
	Metadata    map[string]any
	CreatedAt   time.Time
	CreatedBy   actor
}

const versionFields = `{ id version sizeBytes contentType crc32c md5 metadata createdAt createdBy { kind principalId label } }`

// etag names the version for ever, whatever key it is of.
func (v version) etag() string { return `"` + strconv.Itoa(v.Version) + "-" + v.ID + `"` }

// stored is an object as GraphQL has it.
type stored struct {
	Key     string
	Current version
}

const storedFields = `{ key current ` + versionFields + ` }`

// file is what is stored at a key.
type file struct {
	Key         string         `json:"key" doc:"Exactly as given at upload."`
	Version     int            `json:"version" doc:"Counts up with each write to the key, and goes on after the key was deleted."`
	ETag        string         `json:"etag" doc:"The object's ETag, which names the version for ever."`
	SizeBytes   big            `json:"sizeBytes"`
	ContentType string         `json:"contentType"`
	CRC32C      string         `json:"crc32c" doc:"Base64 of four big-endian bytes."`
	MD5         *string        `json:"md5" doc:"Base64; null for objects uploaded in parts."`
	Metadata    map[string]any `json:"metadata"`
	CreatedAt   time.Time      `json:"createdAt"`
	CreatedBy   actor          `json:"createdBy"`
}

func (v version) file(key string) file {
	return file{
		Key:         key,
		Version:     v.Version,
		ETag:        v.etag(),
		SizeBytes:   v.SizeBytes,
		ContentType: v.ContentType,
		CRC32C:      v.CRC32C,
		MD5:         v.MD5,
		Metadata:    v.Metadata,
		CreatedAt:   v.CreatedAt,
		CreatedBy:   v.CreatedBy,
	}
}

func filesOf(listed connection[stored]) page[file] {
	files := make([]file, len(listed.Nodes))
	for i, o := range listed.Nodes {
		files[i] = o.Current.file(o.Key)
	}

	return page[file]{files, listed.next()}
}

var (
	errNoObject = fault.Field(fault.NotFound, "key", "There is no object at this key.")
	objectKey   = input{
		in: inPath, name: "key",
		doc: "Slashes and all. Each %XX is decoded once, and nothing is cleaned away.",
	}
)

func objectRoutes() []route {
	return []route{
		{
			method:  http.MethodGet,
			path:    "/datastores/{id}/objects",
			name:    "listObjects",
			summary: "List a datastore's objects by key.",
			operation: `query($id: ID!, $limit: Int, $cursor: String, $prefix: String) { result: datastore(id: $id) { objects(first: $limit, after: $cursor, prefix: $prefix) { nodes ` +
				storedFields + ` pageInfo { endCursor hasNextPage } } } }`,
			inputs: append(paged(query("prefix", text, "Those whose key starts with this.")), pathID),
			answer: answers(http.StatusOK, func(in struct{ Objects connection[stored] }) page[file] {
				return filesOf(in.Objects)
			}),
			absent: errNoDatastore,
		}, {
			method:    http.MethodGet,
			path:      "/datastores/{id}/objects/{key+}",
			name:      "getObject",
			summary:   "Get an object's content.",
			about:     "On record as datastore.object_read when content is sent. Takes one Range, and conditions.",
			operation: `mutation($input: CreateDownloadURLInput!) { result: createDownloadURL(input: $input) { version ` + versionFields + ` } }`,
			inputs:    []input{datastoreID, objectKey},
			answer:    contentAnswer,
			streams:   true,
			serve:     serveContent,
		}, {
			method:    http.MethodHead,
			path:      "/datastores/{id}/objects/{key+}",
			name:      "headObject",
			summary:   "Get what GET would say of an object, without its content.",
			about:     "Not on record: nothing is read.",
			operation: findObject,
			inputs:    []input{pathID, objectKey},
			answer:    contentAnswer,
			absent:    errNoDatastore,
			serve:     serveHead,
		}, {
			method:  http.MethodDelete,
			path:    "/datastores/{id}/objects/{key+}",
			name:    "deleteObject",
			summary: "Delete the object at a key.",
			about: "With If-Match, If-None-Match or If-Unmodified-Since, only while they hold for the object; " +
				"If-Match names its ETag.",
			operation: `mutation($input: DeleteObjectInput!) { result: deleteObject(input: $input) { objectId } }`,
			inputs:    []input{datastoreID, objectKey},
			answer:    nothing(),
			serve:     serveDelete,
		},
		uploadURL, downloadURL,
	}
}

// findObject asks for what is known of an object, which is no event.
const findObject = `query($id: ID!, $key: String!) { result: datastore(id: $id) { object(key: $key) ` +
	storedFields + ` } }`

var datastoreID = input{in: inPath, name: "id", to: "input.datastoreId"}

// grant is a URL to PUT a file to.
type grant struct {
	UploadID    string            `json:"uploadId"`
	URL         *string           `json:"url" doc:"PUT the file to it, with the headers below and no credential. Null when an idempotency key repeats the request and the upload has ended."`
	Method      string            `json:"method" enum:"PUT"`
	Headers     map[string]string `json:"headers" doc:"All of these must be sent, exactly."`
	Key         string            `json:"key"`
	ContentType string            `json:"contentType"`
	MaxBytes    big               `json:"maxBytes" doc:"Reserved of the workspace's quota until the upload ends."`
	ExpiresAt   time.Time         `json:"expiresAt"`
}

// granted is a grant as GraphQL has it.
type granted struct {
	Upload struct {
		ID, Key, ContentType string
		MaxBytes             big
		ExpiresAt            time.Time
	}
	URL     *string
	Method  string
	Headers []struct{ Name, Value string }
}

func (g granted) grant() grant {
	headers := map[string]string{}
	for _, h := range g.Headers {
		headers[h.Name] = h.Value
	}

	return grant{g.Upload.ID, g.URL, g.Method, headers, g.Upload.Key, g.Upload.ContentType, g.Upload.MaxBytes,
		g.Upload.ExpiresAt}
}

var uploadURL = route{
	method:  http.MethodPost,
	path:    "/datastores/{id}/upload-url",
	name:    "createUploadUrl",
	summary: "Get a URL to PUT one file to, straight into storage.",
	about: "The object is there as soon as the PUT has succeeded. An unknown datastore is answered like one that " +
		"you may not write to, 403.",
	operation: `mutation($input: CreateUploadURLInput!) { result: createUploadURL(input: $input) { upload { id key contentType maxBytes expiresAt } url method headers { name value } } }`,
	inputs: []input{
		datastoreID,
		required(body("key", text, "1 to 900 bytes of UTF-8 in NFC, without control characters. Kept exactly.")),
		required(body("contentType", text, "For example text/csv.")),
		body("maxBytes", wide, "The most bytes the file may have; 100 MiB by default."),
		body("md5", text, "Of the file, in base64; other bytes never become an object."),
		body("ifVersion", whole, "Only while this is the key's current version; 0 means the key must be new."),
		body("expiresIn", text, "How long the URL lives, `PT15M` by default, `P1D` at most."),
		body("metadata", object, "Up to 8 KiB."),
		{
			in:       inBody,
			name:     "contentTypeOnly",
			kind:     truth,
			fallback: true,
			doc: "True by default: the PUT need send no header but Content-Type, and the rest is checked once the " +
				"bytes are there. False: storage itself refuses what does not fit.",
		},
		idempotencyKey,
	},
	answer: answers(http.StatusOK, granted.grant),
	foreign: "You may not upload here: the datastore must belong to your workspace, and an API key needs the scope " +
		"datastores:write.",
}

// link is a URL that serves one object version for a while.
type link struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expiresAt"`
	Object    file      `json:"object"`
}

var downloadURL = route{
	method:    http.MethodPost,
	path:      "/datastores/{id}/download-url",
	name:      "createDownloadUrl",
	summary:   "Get a URL that serves one object for a while, without a credential.",
	about:     "On record as datastore.object_read.",
	operation: `mutation($input: CreateDownloadURLInput!) { result: createDownloadURL(input: $input) { url expiresAt version { object { key } ` + versionFields[1:] + ` } }`,
	inputs: []input{
		datastoreID,
		{in: inBody, name: "key", required: true},
		body("version", whole, "The current one by default."),
		body("expiresIn", text, "How long the URL lives, `PT15M` by default, `P1D` at most."),
		body("filename", text, "What a browser saves it under."),
	},
	answer: answers(http.StatusOK, func(made struct {
		URL       string
		ExpiresAt time.Time
		Version   struct {
			Object struct{ Key string }
			version
		}
	},
	) link {
		return link{made.URL, made.ExpiresAt, made.Version.file(made.Version.Object.Key)}
	}),
}
