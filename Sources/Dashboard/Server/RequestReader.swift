import FlyingSocks

/// Reads the requests of one connection, none of which is longer than a bound or takes longer than the
/// server's patience.
struct RequestReader {
  private let socket: AsyncSocket
  private let limits: DashboardServer.Limits
  /// What has come and belongs to no request yet.
  private var bytes: [UInt8] = []

  init(_ socket: AsyncSocket, _ limits: DashboardServer.Limits) {
    self.socket = socket
    self.limits = limits
  }

  /// The next request, and whether the connection ends with it; nil where nothing more comes.
  ///
  /// - Throws: `RequestFailure` for what is no request, `SocketError` where the connection fails.
  mutating func next() async throws -> (request: HTTPRequest, isLast: Bool)? {
    var began: ContinuousClock.Instant?
    while true {
      if let end = RequestHead.end(in: bytes) {
        guard end <= limits.headSize else { throw RequestFailure.tooLong }
        let head = try RequestHead(bytes[..<end])
        bytes.removeFirst(end)
        return (head.request, head.isLast)
      }
      guard bytes.count <= limits.headSize else { throw RequestFailure.tooLong }
      // A byte now and then is no reason to wait for ever.
      if !bytes.isEmpty { began = began ?? ContinuousClock.now }
      if let began, ContinuousClock.now - began > limits.patience { throw RequestFailure.tooSlow }
      do {
        bytes += try await socket.read(atMost: 4096)
      } catch SocketError.disconnected {
        return nil
      }
    }
  }
}

/// Why what came over a connection is not answered.
enum RequestFailure: Error, Hashable {
  case tooLong
  case tooSlow
  case malformed

  var status: HTTPResponse.Status {
    switch self {
    case .tooLong: .headersTooLarge
    case .tooSlow: .requestTimeout
    case .malformed: .badRequest
    }
  }

  var words: String {
    switch self {
    case .tooLong: "the request is too long\n"
    case .tooSlow: "the request takes too long\n"
    case .malformed: "that is no request\n"
    }
  }
}

/// A request up to its blank line.
///
/// Nothing here reads a body: a connection that sends one ends with the answer.
struct RequestHead {
  let request: HTTPRequest
  let isLast: Bool

  /// - Parameter bytes: With the blank line.
  init(_ bytes: some Sequence<UInt8>) throws(RequestFailure) {
    let lines = String(decoding: Array(bytes), as: UTF8.self)
      .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    let words = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[1].first == "/",
      words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0"
    else { throw .malformed }
    var headers = HTTPHeaders()
    for line in lines.dropFirst() where !line.isEmpty {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { throw .malformed }
      let name = line[..<colon].lowercased()
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      // Whoever says two things under such a name says nothing that can be trusted.
      guard headers[name] == nil || !Self.saidOnce.contains(name) else { throw .malformed }
      headers[name] = String(value)
    }
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    request = HTTPRequest(
      method: String(words[0]), path: String(target[0]),
      query: target.count > 1 ? Self.query(target[1]) : [], headers: headers)
    let wish = headers["Connection"]?.lowercased()
    let hasBody =
      headers["Transfer-Encoding"] != nil || headers["Content-Length"].map { $0 != "0" } == true
    isLast = hasBody || wish == "close" || (words[2] == "HTTP/1.0" && wish != "keep-alive")
  }

  private static let saidOnce: Set = ["host", "authorization", "content-length"]

  private static func query(_ text: Substring) -> [(name: String, value: String)] {
    text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
    }
  }

  /// Where the first head in `bytes` ends, behind its blank line; nil where it does not end yet.
  static func end(in bytes: [UInt8]) -> Int? {
    let (feed, back) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    for (place, byte) in bytes.enumerated() where byte == feed {
      let rest = bytes[(place + 1)...].prefix(2)
      if rest.first == feed { return place + 2 }
      if rest.first == back, rest.last == feed, rest.count == 2 { return place + 3 }
    }
    return nil
  }
}
