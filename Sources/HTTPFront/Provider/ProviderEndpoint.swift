import Charges

/// A provider's call: the provider key is verified, and then the controller answers.
struct ProviderEndpoint<C: Controller>: Controller {
    let authenticator: Authenticator
    let controller: C

    var fileTransfer: FileTransfer { controller.fileTransfer }

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        let name = try await authenticator.providerKeyName(of: request)
        var response = await Response.catching { () throws(RequestFailure) in
            try await controller.respond(to: request)
        }
        response.providerKeyName = name
        return response
    }
}
