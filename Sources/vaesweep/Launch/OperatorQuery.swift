import Sweep
import Wire

/// Asks something of a coordinator, as its operator.
struct OperatorQuery {
  let link: OperatorLink
  /// How long an answer may take.
  let patience: Duration

  /// How the sweep stands.
  func status() throws(CommandError) -> StatusReply {
    switch try ask(.status) {
    case .status(let reply): return reply
    case .refusal, .order, .auditProgress, .auditResult: throw notACoordinator
    }
  }

  /// Carries something out.
  ///
  /// - Returns: What became of it, in one line.
  func order(_ request: OperatorRequest) throws(CommandError) -> String {
    switch try ask(request) {
    case .order(let reply): return reply.text
    case .refusal, .status, .auditProgress, .auditResult: throw notACoordinator
    }
  }

  private var notACoordinator: CommandError {
    .failure("\(link.endpoint) did not answer like a coordinator")
  }

  /// - Throws: Where it is refused, too.
  private func ask(_ request: OperatorRequest) throws(CommandError) -> ToOperator {
    var link = link
    try link.send(request)
    guard let answer = try link.next(within: patience) else {
      throw .failure(
        "no coordinator answered at \(link.endpoint) within \(patience.inWords)"
          + (request.changesSomething
            ? "; what was ordered may still be carried out: 'vaesweep status --connect "
              + "\(link.endpoint)' tells what holds" : ""))
    }
    return answer
  }
}

extension OperatorRequest {
  /// Whether it is done wherever it arrives, also after nobody waits for the answer any more.
  fileprivate var changesSomething: Bool {
    switch self {
    case .order, .extend, .stop: true
    case .status, .watch, .audit: false
    }
  }
}
