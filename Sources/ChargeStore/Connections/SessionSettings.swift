/// The settings of a node's sessions (manual, chapters 20.7 and 20.11): whatever its statements depend on.
///
/// A node looks charges up by key and walks along indexes, nothing else. So its plans are made once for all values, and
/// by indexes in nested loops, whatever the tables' statistics say: a plan that was good while a table was small would
/// be kept when it has grown. Two more rules of the statements themselves belong to this. A join looks up
/// `operator_id = ANY (ARRAY[...])`, which no merge join could use: otherwise PostgreSQL considers reading an index
/// whole, which is as cheap as a look-up while the table is empty. And what is looked up in a partial index is a
/// LATERAL subquery with a LIMIT, so that its conditions are known when it starts.
enum SessionSettings {
    /// Every setting with its value. All exist from PostgreSQL 15 on.
    static let all: [(name: String, value: String)] = planning + costs + meaning

    private static let planning = [
        ("plan_cache_mode", "force_generic_plan"),
        ("enable_hashjoin", "off"), ("enable_mergejoin", "off"), ("enable_seqscan", "off"),
        ("enable_bitmapscan", "off"), ("enable_material", "off"), ("enable_memoize", "off"),
        // What is planned against the settings counts as dear, and would be compiled.
        ("jit", "off"),
        ("enable_nestloop", "on"), ("enable_indexscan", "on"), ("enable_indexonlyscan", "on"),
        ("enable_sort", "on"), ("enable_incremental_sort", "on"), ("enable_hashagg", "on"),
        ("enable_tidscan", "on"), ("enable_gathermerge", "on"), ("enable_async_append", "on"),
        ("enable_parallel_append", "on"), ("enable_parallel_hash", "on"), ("enable_partition_pruning", "on"),
        ("enable_partitionwise_join", "off"), ("enable_partitionwise_aggregate", "off"),
        ("max_parallel_workers_per_gather", "0"), ("geqo", "on"), ("geqo_threshold", "12"),
        ("from_collapse_limit", "8"), ("join_collapse_limit", "8"), ("constraint_exclusion", "partition"),
        ("cursor_tuple_fraction", "0.1"), ("recursive_worktable_factor", "10"),
    ]

    private static let costs = [
        ("seq_page_cost", "1"), ("random_page_cost", "4"), ("cpu_tuple_cost", "0.01"),
        ("cpu_index_tuple_cost", "0.005"), ("cpu_operator_cost", "0.0025"), ("parallel_setup_cost", "1000"),
        ("parallel_tuple_cost", "0.1"), ("effective_cache_size", "4GB"), ("work_mem", "4MB"),
        ("hash_mem_multiplier", "2"),
    ]

    /// What changes the meaning of a statement, or ends it. Each transaction sets the times that it may take.
    private static let meaning = [
        // Every name is qualified. A path with "$user" in it would be looked up anew with each change of the role.
        ("search_path", ""),
        ("client_min_messages", "notice"), ("DateStyle", "ISO, YMD"),
        ("IntervalStyle", "postgres"), ("TimeZone", "UTC"), ("transform_null_equals", "off"),
        ("array_nulls", "on"), ("row_security", "on"), ("extra_float_digits", "1"),
        ("statement_timeout", "0"), ("lock_timeout", "0"),
        ("default_transaction_isolation", "read committed"), ("default_transaction_deferrable", "off"),
    ]
}
