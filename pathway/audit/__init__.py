"""The audit trail of a case for other systems: FHIR R4 AuditEvent and Provenance. No clinical resource."""
