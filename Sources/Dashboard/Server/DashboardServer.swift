import FlyingSocks
import Foundation
import Platform
import Synchronization

/// Serves the dashboard over HTTP until it is let go of.
///
/// It reads what a coordinator puts on a board and nothing else; whatever its readers do, the coordinator
/// does not notice.
package final class DashboardServer: Sendable {
  /// What its readers may take.
  package struct Limits: Sendable {
    /// Connections that may wait at once.
    package var connections = 64
    /// How long one may keep the server waiting.
    package var patience = Duration.seconds(15)
    /// Bytes of a request up to its blank line.
    package var headSize = 16_384

    package init() {}
  }

  /// With the port that was given, or found where any would do.
  package let address: HTTPAddress
  private let task: Task<Void, Never>

  /// Listens, and serves from here on.
  ///
  /// It waits until it listens, which takes one of the threads that Swift's tasks run on: not to be called
  /// on these.
  ///
  /// - Throws: Where the address cannot be listened at.
  package init(
    at address: HTTPAddress, rule: AccessRule, pages: DashboardPages, limits: Limits = Limits()
  ) throws(DashboardError) {
    let began: Mailbox<Result<HTTPAddress, DashboardError>>
    do throws(SystemError) {
      began = try Mailbox()
    } catch {
      throw .listen(address, reason: "\(error)")
    }
    let handler = DashboardHandler(rule: rule, pages: pages)
    let task = Task {
      await Self.serve(at: address, handler, limits) { began.put($0) }
    }
    switch began.waitForAll()?.first {
    case .success(let reached)?: self.address = reached
    case .failure(let error)?: throw error
    case nil: throw .listen(address, reason: "it did not begin")
    }
    self.task = task
  }

  deinit { task.cancel() }

  /// Serves until the task is cancelled; a failure of the server, as where files run out, costs its
  /// readers a second and nobody else anything.
  private static func serve(
    at address: HTTPAddress, _ handler: DashboardHandler, _ limits: Limits,
    tell: @escaping @Sendable (Result<HTTPAddress, DashboardError>) -> Void
  ) async {
    var reached: HTTPAddress?
    while !Task.isCancelled {
      do {
        let listener = try await HTTPListener(at: reached ?? address, limits)
        if reached == nil { tell(.success(listener.address)) }
        reached = listener.address
        try await listener.run { handler.answer($0) }
      } catch {
        guard reached != nil else { return tell(.failure(.listen(address, reason: words(error)))) }
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private static func words(_ error: any Error) -> String {
    if case SocketError.failed(_, let number, _) = error { return "\(Errno(number))" }
    return error.localizedDescription
  }
}

/// Answers requests: judged first, then from the pages.
private struct DashboardHandler: Sendable {
  let rule: AccessRule
  let pages: DashboardPages

  func answer(_ request: HTTPRequest) -> HTTPResponse {
    let token = request.query.first { $0.name == "token" }?.value
    switch rule.judge(
      authorization: request.headers["Authorization"], query: token,
      cookie: request.headers["Cookie"], host: request.headers["Host"])
    {
    case .allowed: break
    case .unauthorized:
      return answer(
        .unauthorized, "the token is wanted: Authorization: Bearer TOKEN, or ?token=TOKEN\n",
        ["WWW-Authenticate": "Bearer"])
    case .foreignHost:
      return answer(
        .forbidden, "asked under another name than this host's; --http-token lets others in\n")
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      return answer(.methodNotAllowed, "only GET\n", ["Allow": "GET, HEAD"])
    }
    switch pages.answer(request.path) {
    case .page(let page):
      return answer(page, to: request, rule.cookie(for: token))
    case .unknown: return answer(.notFound, "no such page; / tells which there are\n")
    case .early: return answer(.serviceUnavailable, "the coordinator is starting\n")
    }
  }

  /// - Parameter cookie: With which the browser may ask again without the token in the address.
  private func answer(
    _ page: DashboardPages.Page, to request: HTTPRequest, _ cookie: String?
  ) -> HTTPResponse {
    var own = HTTPHeaders()
    own["ETag"] = page.tag
    own["Content-Security-Policy"] = page.policy
    own["Set-Cookie"] = cookie
    if let tag = page.tag, request.headers["If-None-Match"] == tag {
      return HTTPResponse(status: .notModified, headers: headers(own))
    }
    own["Content-Type"] = page.type
    return HTTPResponse(
      status: .ok, headers: headers(own), body: page.body, sendsBody: request.method != "HEAD")
  }

  private func answer(
    _ status: HTTPResponse.Status, _ text: String, _ more: HTTPHeaders = [:]
  ) -> HTTPResponse {
    var all = more
    all["Content-Type"] = "text/plain; charset=utf-8"
    return HTTPResponse(status: status, headers: headers(all), body: Array(text.utf8))
  }

  private func headers(_ own: HTTPHeaders) -> HTTPHeaders {
    var all = own
    all["Cache-Control"] = "no-store"
    all["X-Content-Type-Options"] = "nosniff"
    all["Referrer-Policy"] = "no-referrer"
    return all
  }
}
