package import Authentication
package import Charges

/// What the provider's calls are answered with.
package struct ProviderDependencies: Sendable {
    let repository: any ProviderRepository
    let keys: ProviderKeyVerifier

    package init(repository: any ProviderRepository, keys: ProviderKeyVerifier) {
        self.repository = repository
        self.keys = keys
    }
}
