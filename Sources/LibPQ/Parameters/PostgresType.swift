/// The types that parameters are declared with, by their OIDs, which never change (`pg_type.dat`).
public struct PostgresType: Hashable, Sendable {
    /// The type's OID.
    public let oid: UInt32
    /// Its name, for messages.
    public let name: String
    /// For an array, the OID of its elements.
    let elementOID: UInt32

    private init(_ oid: UInt32, _ name: String, elementOID: UInt32 = 0) {
        self.oid = oid
        self.name = name
        self.elementOID = elementOID
    }

    /// `boolean`
    public static let bool = PostgresType(16, "bool")
    /// `bytea`
    public static let bytea = PostgresType(17, "bytea")
    /// `bigint`
    public static let int8 = PostgresType(20, "int8")
    /// `smallint`
    public static let int2 = PostgresType(21, "int2")
    /// `integer`
    public static let int4 = PostgresType(23, "int4")
    /// `text`
    public static let text = PostgresType(25, "text")
    /// `double precision`
    public static let float8 = PostgresType(701, "float8")
    /// `timestamp with time zone`
    public static let timestamptz = PostgresType(1184, "timestamptz")
    /// `numeric`
    public static let numeric = PostgresType(1700, "numeric")
    /// `uuid`
    public static let uuid = PostgresType(2950, "uuid")
    /// `boolean[]`
    public static let boolArray = PostgresType(1000, "bool[]", elementOID: 16)
    /// `integer[]`
    public static let int4Array = PostgresType(1007, "int4[]", elementOID: 23)
    /// `text[]`
    public static let textArray = PostgresType(1009, "text[]", elementOID: 25)
    /// `bigint[]`
    public static let int8Array = PostgresType(1016, "int8[]", elementOID: 20)
    /// `timestamp with time zone[]`
    public static let timestamptzArray = PostgresType(1185, "timestamptz[]", elementOID: 1184)
    /// `uuid[]`
    public static let uuidArray = PostgresType(2951, "uuid[]", elementOID: 2950)
}
