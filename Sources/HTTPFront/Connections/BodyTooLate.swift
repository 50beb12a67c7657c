/// What a connection breaks a request's body off by that has not arrived in time.
struct BodyTooLate: Error {}
