import HTTPFront

// Prints the page of the API, which scripts/api-page checks in.
print(DocumentPage(OpenAPIDocument.value).html, terminator: "")
