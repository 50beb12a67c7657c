import HTTPTypes

extension Routes {
    /// Every call of the provider.
    static func provider(_ dependencies: ProviderDependencies) -> [String: [HTTPRequest.Method:
        any Controller]]
    {
        let base = "/provider/v1/charges"
        func processing(_ action: ProcessingShape) -> [HTTPRequest.Method: any Controller] {
            [.post: ProcessingController(shape: action, dependencies: dependencies)]
        }
        return [
            base: [.post: IngestController(dependencies: dependencies)],
            "\(base)/decisions": [.get: FeedController(dependencies: dependencies)],
            "\(base)/take": processing(.take),
            "\(base)/release": processing(.release),
            "\(base)/outcomes": processing(.outcomes),
        ]
    }
}
