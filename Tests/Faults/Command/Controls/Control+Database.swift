import FaultChecker
import Glibc
import LibPQ

extension Control {
    /// Servers that lose what they have confirmed.
    static let servers: [Control] = [
        Control(
            "asynchronous-standby", [.okNotKept, .answerLostByFailover], lasts: 0...1, stopsService: true,
            isFailover: true
        ) {
            context in
            let cluster = context.cluster
            let old = try cluster.primary()
            let standbys = Cluster.servers.filter { $0 != old }
            let set = { (mode: String, strict: String) throws in
                try cluster.script(
                    "patronictl", "edit-config", "--force", "--quiet", "--set", "synchronous_mode=\(mode)",
                    "--set", "synchronous_mode_strict=\(strict)")
            }
            try set("off", "off")
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline,
                try Database.rows("SHOW synchronous_standby_names", on: old, of: cluster).first?.first != ""
            {
                pause(seconds: 0.2)
            }
            for standby in standbys { cluster.killOne(standby) }
            pause(seconds: 4)
            cluster.killOne(old)
            for standby in standbys { try cluster.startOne(standby) }
            _ = try cluster.primary(otherThan: old)
            // The repair waits for standbys that confirm commits.
            return Injection.Active(old) {
                try set("quorum", "on")
                try cluster.startOne(old)
            }
        },
        Control("asynchronous-commit", [.okNotKept], lasts: 0...1, stopsService: true) { context in
            let cluster = context.cluster
            let primary = try cluster.primary()
            // The service sets it back in its sessions, so every transaction does it anew.
            var script = """
                CREATE OR REPLACE FUNCTION public.hasten() RETURNS trigger LANGUAGE plpgsql AS
                $$BEGIN PERFORM set_config('synchronous_commit', 'off', true)@ RETURN NULL@ END$$;
                ALTER SYSTEM SET wal_writer_delay = '10s'; ALTER SYSTEM SET wal_writer_flush_after = '1GB'
                """
            for table in [
                "charge", "charge_history", "batch", "published_batch", "heartbeat", "failed_item_count",
            ] {
                script +=
                    "; CREATE OR REPLACE TRIGGER hasten AFTER INSERT OR UPDATE ON countersign.\(table) "
                    + "FOR EACH STATEMENT EXECUTE FUNCTION public.hasten()"
            }
            try sabotage(script + "; SELECT pg_reload_conf()", primary, cluster)
            for _ in 0..<4 {
                pause(seconds: 2)
                // All at once: nobody writes what is in memory.
                cluster.killOne(primary)
                try cluster.startOne(primary)
            }
            return Injection.Active(primary)
        },
    ]

    /// Rows that are changed past the service.
    static let rows: [Control] = [
        Control("unique-index-dropped", [.referenceNamesTwo]) { context in
            let primary = try context.cluster.primary()
            try sabotage(
                "DROP INDEX IF EXISTS countersign.charge_history_operator_id_reference_number_key", primary,
                context.cluster)
            return Injection.Active("charge_history")
        },
        Control("row-condition-gone", [.decidedTwice, .impossibleCode, .halfApplied, .revisionOrder]) {
            context in
            let cluster = context.cluster
            let primary = try cluster.primary()
            // A trigger makes every decision the other one, so that the same decision may be made once more.
            try sabotage(
                """
                CREATE OR REPLACE FUNCTION public.turn() RETURNS trigger LANGUAGE plpgsql AS
                $$BEGIN NEW.decision := CASE NEW.decision WHEN 'ACCEPTED' THEN 'DECLINED' ELSE 'ACCEPTED' END@
                RETURN NEW@ END$$;
                CREATE OR REPLACE TRIGGER a_turn BEFORE UPDATE OF revision ON countersign.charge
                FOR EACH ROW WHEN (NEW.revision > OLD.revision) EXECUTE FUNCTION public.turn();
                ALTER TABLE countersign.charge DISABLE TRIGGER charge_revision
                """, primary, cluster)
            return Injection.Active("charge")
        },
        Control("history-rewritten", [.okNotKept, .decidedByNoCall, .halfApplied, .impossibleRead]) {
            context in
            let repeated = try Repeated(every: 1, context) { cluster, primary in
                try rewrite(
                    "UPDATE countersign.charge_history SET reference_number = 'rewritten-' || number "
                        + "WHERE (operator_id, number, revision) IN (SELECT operator_id, number, revision "
                        + "FROM countersign.charge_history WHERE takes_reference ORDER BY made_on DESC LIMIT 1)",
                    primary, cluster)
            }
            return Injection.Active("charge_history") { repeated.end() }
        },
        Control("reference-given-twice", [.referenceNamesTwo]) { context in
            let primary = try context.cluster.primary()
            try sabotage(
                "DROP INDEX IF EXISTS countersign.charge_history_operator_id_reference_number_key; "
                    + "CREATE INDEX ON countersign.charge_history (operator_id, reference_number)", primary,
                context.cluster)
            pause(seconds: 2)
            let repeated = try Repeated(every: 1, context) { cluster, primary in
                try rewrite(
                    "UPDATE countersign.charge_history AS one SET reference_number = other.reference_number "
                        + "FROM (SELECT * FROM countersign.charge_history WHERE takes_reference "
                        + "ORDER BY made_on DESC LIMIT 1) AS other WHERE (one.operator_id, one.number, one.revision) IN ("
                        + "SELECT third.operator_id, third.number, third.revision "
                        + "FROM countersign.charge_history AS third WHERE third.takes_reference "
                        + "AND third.operator_id = other.operator_id AND third.number <> other.number "
                        + "ORDER BY third.made_on DESC LIMIT 1)", primary, cluster)
            }
            return Injection.Active("charge_history") { repeated.end() }
        },
    ]

    /// Runs statements that change the schema. A semicolon within a function's text is written as @.
    private static func sabotage(_ script: String, _ server: String, _ cluster: Cluster) throws {
        let connection = try Database.connect(to: server, of: cluster)
        defer { connection.close() }
        for statement in script.split(separator: ";") {
            _ = try connection.table(
                String(statement).replacing("@", with: ";"), deadline: .now + .seconds(20))
        }
    }

    /// Changes rows without the triggers that guard them.
    private static func rewrite(_ statement: String, _ server: String, _ cluster: Cluster) throws {
        try Database.execute("SET session_replication_role = replica; " + statement, on: server, of: cluster)
    }
}
