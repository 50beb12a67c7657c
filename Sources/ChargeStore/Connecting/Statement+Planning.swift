import LibPQ

extension Statement where Input == Void, Row == Void {
    /// Settles for the session how statements are planned (manual, chapter 20.7): once for all values, and by indexes
    /// in nested loops, whatever the tables' statistics say. A node looks up by key and walks along indexes, nothing
    /// else; a plan that was good while a table was small would outlive that.
    static let planByKeys = Statement(
        "plan_by_keys",
        """
        SELECT FROM
            set_config('plan_cache_mode', 'force_generic_plan', false) AS cache,
            set_config('enable_hashjoin', 'off', false) AS hash,
            set_config('enable_mergejoin', 'off', false) AS merge,
            set_config('enable_seqscan', 'off', false) AS scan,
            set_config('enable_bitmapscan', 'off', false) AS bitmap,
            set_config('enable_material', 'off', false) AS material,
            set_config('enable_memoize', 'off', false) AS memoize,
            -- What is planned against the settings counts as dear, and would be compiled.
            set_config('jit', 'off', false) AS jit
        """)
}
