/// What a reader asks, without a body: nothing here takes one.
struct HTTPRequest: Sendable {
  let method: String
  /// As it was sent, before the question mark.
  let path: String
  let query: [(name: String, value: String)]
  let headers: HTTPHeaders
}

/// Lines under names; how a name is written does not matter.
struct HTTPHeaders: Sendable {
  /// By the name in small letters.
  private var values: [String: (name: String, value: String)] = [:]

  /// `Name: value`, in the order of the names.
  var lines: [String] {
    values.sorted { $0.key < $1.key }.map { "\($0.value.name): \($0.value.value)" }
  }

  subscript(name: String) -> String? {
    get { values[name.lowercased()]?.value }
    set { values[name.lowercased()] = newValue.map { (name, $0) } }
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { self[name] = value }
  }
}

/// What is answered.
struct HTTPResponse: Sendable {
  /// The answers that there are.
  enum Status: Int, Sendable {
    case ok = 200
    case notModified = 304
    case badRequest = 400
    case unauthorized = 401
    case forbidden = 403
    case notFound = 404
    case methodNotAllowed = 405
    case requestTimeout = 408
    case headersTooLarge = 431
    case serviceUnavailable = 503

    /// As RFC 9110 and RFC 6585 call it.
    var phrase: String {
      switch self {
      case .ok: "OK"
      case .notModified: "Not Modified"
      case .badRequest: "Bad Request"
      case .unauthorized: "Unauthorized"
      case .forbidden: "Forbidden"
      case .notFound: "Not Found"
      case .methodNotAllowed: "Method Not Allowed"
      case .requestTimeout: "Request Timeout"
      case .headersTooLarge: "Request Header Fields Too Large"
      case .serviceUnavailable: "Service Unavailable"
      }
    }
  }

  let status: Status
  var headers: HTTPHeaders
  var body: [UInt8] = []
  /// False for an answer to HEAD.
  var sendsBody = true

  /// As it goes over the connection.
  var bytes: [UInt8] {
    var head = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n"
    for line in headers.lines { head += "\(line)\r\n" }
    // RFC 9110, 8.6: where no content follows it may be left out.
    if status != .notModified, sendsBody { head += "Content-Length: \(body.count)\r\n" }
    return Array("\(head)\r\n".utf8) + (sendsBody ? body : [])
  }
}
