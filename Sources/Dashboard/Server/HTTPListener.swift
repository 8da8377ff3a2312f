import FlyingSocks
import Foundation
import Glibc

/// Listens at an address, and answers on each connection one request after another.
///
/// FlyingFox's own server takes in the headers of a request without end, so that one stranger could fill the
/// coordinator's memory, and brings libcurl along for what is not used here; of FlyingFox this uses the
/// sockets.
struct HTTPListener: Sendable {
  /// With the port that was found where any would do.
  let address: HTTPAddress
  private let socket: AsyncSocket
  private let pool: BoundedSocketPool
  private let limits: DashboardServer.Limits

  /// - Throws: `SocketError` where the address cannot be listened at.
  init(at address: HTTPAddress, _ limits: DashboardServer.Limits) async throws {
    let pool = BoundedSocketPool(
      .ePoll(), most: limits.connections, patience: limits.patience)
    try await pool.prepare()
    let socket: Socket
    switch address.host {
    case .ip4(let text):
      socket = try Socket(domain: AF_INET)
      try Self.listen(socket, try sockaddr_in.inet(ip4: text, port: address.port))
    case .ip6(let text):
      socket = try Socket(domain: AF_INET6)
      try Self.listen(socket, try sockaddr_in6.inet6(ip6: text, port: address.port))
    }
    switch try socket.sockname() {
    case .ip4(_, let port), .ip6(_, let port):
      self.address = HTTPAddress(host: address.host, port: port)
    case .unix: self.address = address
    }
    do {
      self.socket = try AsyncSocket(socket: socket, pool: pool)
    } catch {
      try? socket.close()
      throw error
    }
    (self.pool, self.limits) = (pool, limits)
  }

  private static func listen(_ socket: Socket, _ address: some SocketAddress) throws {
    do {
      try socket.setValue(true, for: .localAddressReuse)
      try socket.bind(to: address)
      try socket.listen()
    } catch {
      try? socket.close()
      throw error
    }
  }

  /// Answers until the task is cancelled, or no connection can be taken any more.
  func run(_ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse) async throws {
    defer { try? socket.close() }
    let (socket, pool, limits) = (socket, pool, limits)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await pool.run() }
      group.addTask {
        try await withThrowingDiscardingTaskGroup { connections in
          while !Task.isCancelled {
            do {
              for try await connection in socket.sockets {
                connections.addTask { await Self.serve(connection, limits, answer) }
              }
              return
            } catch SocketError.failed(_, let number, _) where Self.passes(number) {
              try await Task.sleep(for: .seconds(1))
            }
          }
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Whether a connection may be taken later that could not be now, as where files run out: a new listener
  /// would only take more of them.
  private static func passes(_ number: Int32) -> Bool {
    [EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED].contains(number)
  }

  private static func serve(
    _ socket: AsyncSocket, _ limits: DashboardServer.Limits,
    _ answer: @Sendable (HTTPRequest) -> HTTPResponse
  ) async {
    defer { try? socket.close() }
    var reader = RequestReader(socket, limits)
    do {
      while let read = try await reader.next() {
        var response = answer(read.request)
        response.headers["Connection"] = read.isLast ? "close" : "keep-alive"
        try await send(response, over: socket)
        if read.isLast { return }
      }
    } catch let failure as RequestFailure {
      let response = HTTPResponse(
        status: failure.status, headers: ["Connection": "close"], body: Array(failure.words.utf8))
      try? await send(response, over: socket)
    } catch {
      // It has gone, or it kept the server waiting for too long.
    }
  }

  private static func send(_ response: HTTPResponse, over socket: AsyncSocket) async throws {
    try await socket.write(Data(response.bytes))
  }
}
