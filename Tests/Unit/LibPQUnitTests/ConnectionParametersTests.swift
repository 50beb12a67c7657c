import LibPQ
import Testing

/// Tests of connection strings: they are read as libpq reads them, and written so that it reads the same again.
@Suite struct ConnectionParametersTests {
    @Test("A URI is parsed into keywords and values")
    func aURIIsRead() throws {
        let parameters = try ConnectionParameters(
            parsing:
                "postgresql://joe:p%40ss%2Fword@db.example:6432/orders?sslmode=verify-full&connect_timeout=3")
        #expect(
            parameters.keywords == [
                "connect_timeout", "dbname", "host", "password", "port", "sslmode", "user",
            ])
        #expect(parameters["user"] == "joe")
        #expect(parameters["password"] == "p@ss/word")
        #expect(parameters["host"] == "db.example")
        #expect(parameters["port"] == "6432")
        #expect(parameters["dbname"] == "orders")
        #expect(parameters["sslmode"] == "verify-full")
        #expect(parameters["connect_timeout"] == "3")
    }

    @Test(
        "A URI with an @ within a value is refused, without showing any of it",
        arguments: [
            "postgresql://joe:pa@secret@db.example/orders", "postgresql://joe:1/secret@db.example/orders",
            "postgresql://joe@server:1/secret@db.example", "postgres://joe:pa@db?user=secret@db.example",
            "dbname=postgresql://joe:secret@db.example/orders", "host=postgres://joe:secret@db.example",
        ])
    func anUnescapedAtIsRefused(text: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionParameters(parsing: text) }
        #expect(error?.description.contains("secret") == false)
    }

    @Test("A URI without a login may not have an @ in its path, and with one only there")
    func anAtThatEndsTheLogin() throws {
        #expect(try ConnectionParameters(parsing: "postgresql://joe@db.example/orders")["user"] == "joe")
        let parameters = try ConnectionParameters(
            parsing: "postgresql://db.example/or%40ders?user=joe%40server")
        #expect(parameters["user"] == "joe@server" && parameters["dbname"] == "or@ders")
    }

    @Test("A URI may name a socket or nothing")
    func aURIMayNameASocketOrNothing() throws {
        let parameters = try ConnectionParameters(parsing: "postgres://%2Frun%2Fpostgresql/orders")
        #expect(parameters == ConnectionParameters(["host": "/run/postgresql", "dbname": "orders"]))
        #expect(try ConnectionParameters(parsing: "postgresql://").keywords == [])
    }

    @Test("Keyword/value strings are parsed with their quotes and escapes")
    func keywordsAndValuesAreRead() throws {
        let parameters = try ConnectionParameters(
            parsing: "host=/run/postgresql dbname = 'two words' user=o\\'neil password='' port=6432")
        #expect(
            parameters
                == ConnectionParameters([
                    "host": "/run/postgresql", "dbname": "two words", "user": "o'neil", "password": "",
                    "port": "6432",
                ]))
    }

    @Test("A connection string is parsed back into the same values")
    func valuesAreWrittenSoThatTheyAreReadTheSame() throws {
        let values = [
            "", " ", "plain", "two words", "it's", "back\\slash", "\\'", "'", "a=b", "tab\tfeed\nreturn\r",
            "\r\n", "\u{B}\u{C}", "trailing\\", " 'all' \\of = it\t", "日本語", "'\u{301}", "\\\u{301}",
            " \u{301}", "x\u{200D}'", "password=inside", "postgresql://inside",
        ]
        for value in values {
            let parameters = ConnectionParameters(["application_name": value, "host": "h", "user": value])
            let read = try ConnectionParameters(parsing: parameters.connectionString)
            #expect(read.keywords == parameters.keywords)
            #expect(read["application_name"].map { Array($0.utf8) } == Array(value.utf8))
            #expect(read["user"].map { Array($0.utf8) } == Array(value.utf8))
            #expect(read["host"] == "h")
        }
    }

    @Test("A value without special characters is written without quotes")
    func whatNeedsNoQuotesHasNone() {
        let parameters = ConnectionParameters([
            "host": "/run/postgresql", "port": "6432", "dbname": "or ders",
        ])
        #expect(parameters.connectionString == "dbname='or ders' host=/run/postgresql port=6432")
    }

    @Test("A description masks secrets, and connectionString has them")
    func secretsAreWrittenOnlyOnRequest() throws {
        let parameters = try ConnectionParameters(
            parsing: "postgresql://joe:s3cret@db/orders?sslpassword=s3cret2")
        #expect(
            parameters.description == "dbname=orders host=db password=******** sslpassword=******** user=joe")
        #expect("\(parameters)" == parameters.description)
        #expect(
            parameters.connectionString
                == "dbname=orders host=db password=s3cret sslpassword=s3cret2 user=joe")
        #expect(ConnectionParameters.isSecret("password"))
        #expect(ConnectionParameters.isSecret("sslpassword"))
        #expect(!ConnectionParameters.isSecret("user"))
    }

    @Test(
        "A malformed connection string is refused without its secrets",
        arguments: [
            "postgresql://joe:s3cret@db:6432/orders?nonsense=1", "postgresql://joe:s3cret%zz@db/orders",
            "postgresql://joe:s3cret@[::1/orders", "password=s3cret nonsense", "password='s3cret",
            "host=db s3cret=1", "mysql://joe:s3cret@db", "password=s3cret\0",
        ])
    func aWrongStringIsRefusedWithoutItsSecrets(_ text: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionParameters(parsing: text) }
        guard case .invalidInput(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
        #expect(error?.description.contains("s3cret") == false)
        #expect(error?.debugDescription.contains("s3cret") == false)
    }

    @Test("A keyword can be set and unset")
    func aKeywordCanBeSetAndUnset() {
        var parameters = ConnectionParameters(["host": "db"])
        parameters["port"] = "6432"
        parameters["host"] = nil
        #expect(parameters == ConnectionParameters(["port": "6432"]))
        #expect(parameters["host"] == nil)
    }
}
