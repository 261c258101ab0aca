
      export type PossibleTypesResultData = {
  "possibleTypes": {
    "Node": [
      "APIKey",
      "AuditEvent",
      "Datastore",
      "DatastoreObject",
      "Deletion",
      "Member",
      "ObjectVersion",
      "RuntimeKey",
      "Secret",
      "Upload",
      "Workspace"
    ]
  }
};
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "Node": [
      "APIKey",
      "AuditEvent",
      "Datastore",
      "DatastoreObject",
      "Deletion",
      "Member",
      "ObjectVersion",
      "RuntimeKey",
      "Secret",
      "Upload",
      "Workspace"
    ]
  }
};
      export default result;
    