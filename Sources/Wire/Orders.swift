/// What an operator orders, with points named as they were written: the coordinator reads them.
package enum OrderRequest: Hashable, Sendable {
  case pause
  case resume
  case drain(host: String)
  case undrain(host: String)
  case retry(texts: [String])
  case cancel(texts: [String])
}

/// A sweep that is to be worked on from now on.
package struct ExtendRequest: Hashable, Sendable {
  /// Most bytes of its text: what one frame holds beside the rest.
  package static let largestText = Frame.largest - 4096

  /// A sweep file that extends no other.
  package var yaml: String
  /// Whether points without an outcome may fall away that it does not ask for.
  package var replaces: Bool

  package init(yaml: String, replaces: Bool) {
    self.yaml = yaml
    self.replaces = replaces
  }
}

/// What became of an order, in one line.
package struct OrderReply: Hashable, Sendable {
  package var text: String

  package init(text: String) { self.text = text }
}

extension OrderRequest {
  /// Keys that points have, each at most once.
  private static let maxTerms = 64

  init(_ message: Vaesweep_Order) throws(WireError) {
    switch message.order {
    case .pause: self = .pause
    case .resume: self = .resume
    case .drain(let host): self = .drain(host: try FieldRules.name(host, "host"))
    case .undrain(let host): self = .undrain(host: try FieldRules.name(host, "host"))
    case .retry(let filter): self = .retry(texts: try Self.texts(filter))
    case .cancel(let filter): self = .cancel(texts: try Self.texts(filter))
    case nil: throw .unknownMessage
    }
  }

  private static func texts(_ message: Vaesweep_PointFilter) throws(WireError) -> [String] {
    try FieldRules.few(message.terms.count, "list of keys", atMost: maxTerms)
    var texts: [String] = []
    for term in message.terms { texts.append(try FieldRules.line(term, "key")) }
    return texts
  }

  func protobuf() -> Vaesweep_Order {
    var message = Vaesweep_Order()
    message.order =
      switch self {
      case .pause: .pause(Vaesweep_PauseOrder())
      case .resume: .resume(Vaesweep_ResumeOrder())
      case .drain(let host): .drain(FieldRules.cleanName(host))
      case .undrain(let host): .undrain(FieldRules.cleanName(host))
      case .retry(let texts): .retry(Self.filter(texts))
      case .cancel(let texts): .cancel(Self.filter(texts))
      }
    return message
  }

  private static func filter(_ texts: [String]) -> Vaesweep_PointFilter {
    var message = Vaesweep_PointFilter()
    message.terms = texts.map { FieldRules.clean($0) }
    return message
  }
}

extension ExtendRequest {
  init(_ message: Vaesweep_ExtendRequest) throws(WireError) {
    guard message.yaml.utf8.count <= Self.largestText else {
      throw .invalid(field: "sweep file", reason: "is longer than \(Self.largestText) bytes")
    }
    self.init(yaml: message.yaml, replaces: message.replaces)
  }

  func protobuf() -> Vaesweep_ExtendRequest {
    var message = Vaesweep_ExtendRequest()
    message.yaml = yaml
    message.replaces = replaces
    return message
  }
}

extension OrderReply {
  init(_ message: Vaesweep_OrderReply) throws(WireError) {
    self.init(text: try FieldRules.line(message.text, "answer"))
  }

  func protobuf() -> Vaesweep_OrderReply {
    var message = Vaesweep_OrderReply()
    message.text = FieldRules.clean(text)
    return message
  }
}
