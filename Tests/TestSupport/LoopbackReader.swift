import Glibc

/// One connection to a web server on loopback: it says what a test wants, and reads when the test wants.
package final class LoopbackReader {
  package struct Response {
    package let status: Int
    package let head: String
    package let body: String
  }

  private let descriptor: Int32

  /// - Parameter window: Bytes that the kernel takes in ahead of the reader; nil for as many as usual.
  package init(port: UInt16, window: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var window {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &window, socklen_t(MemoryLayout<Int32>.size))
    }
    // A server that never answers fails the test instead of holding it up.
    var limit = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { throw UnmetRequirement("no server at port \(port): errno \(errno)") }
  }

  deinit { close(descriptor) }

  /// Sends until all is taken or the server hangs up.
  ///
  /// - Returns: Bytes that were taken.
  @discardableResult package func send(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    var taken = 0
    while taken < bytes.count {
      let count = bytes[taken...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno != EINTR { break }
      taken += max(0, count)
    }
    return taken
  }

  /// Asks for a page, and says that nothing more will be asked.
  package func ask(_ path: String, method: String = "GET", headers: [String] = []) {
    let host = headers.contains { $0.hasPrefix("Host:") } ? [] : ["Host: 127.0.0.1"]
    let lines = ["\(method) \(path) HTTP/1.1", "Connection: close"] + host + headers
    send(lines.map { $0 + "\r\n" }.joined() + "\r\n")
  }

  /// Whether the server says something, or hangs up, within a time in milliseconds.
  package func hasAnswer(within milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, milliseconds) > 0
  }

  /// Whether the server hangs up within a time in milliseconds, though nothing is read.
  package func isHungUp(within milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&waiting, 1, milliseconds) > 0
  }

  /// Everything up to the end of the connection, whoever ended it.
  package func readToEnd() throws -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        all += buffer[..<count]
      } else if count == 0 || errno == ECONNRESET {
        return all
      } else if errno != EINTR {
        throw UnmetRequirement("the server neither answers nor hangs up: errno \(errno)")
      }
    }
  }

  package func response() throws -> Response {
    let text = String(decoding: try readToEnd(), as: UTF8.self)
    guard let status = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
      let blank = text.firstRange(of: "\r\n\r\n")
    else { throw UnmetRequirement("no response in '\(text.prefix(200))'") }
    return Response(
      status: status, head: String(text[..<blank.lowerBound]),
      body: String(text[blank.upperBound...]))
  }

  /// Asks for one page on a connection of its own.
  package static func get(
    _ path: String, port: UInt16, method: String = "GET", headers: [String] = []
  ) throws -> Response {
    let reader = try LoopbackReader(port: port)
    reader.ask(path, method: method, headers: headers)
    return try reader.response()
  }
}
