/// How often something was refused for one reason.
package struct RefusedCount: Hashable, Sendable {
  /// In snake case, as it stands in JSON.
  package var reason: String
  package var count: Int

  package init(reason: String, count: Int) {
    self.reason = reason
    self.count = count
  }
}

extension RefusedCount {
  init(_ message: Vaesweep_RefusedCount) throws(WireError) {
    self.init(
      reason: try FieldRules.name(message.reason, "reason"),
      count: try FieldRules.count(message.count, "number of refusals"))
  }

  func protobuf() throws(WireError) -> Vaesweep_RefusedCount {
    var message = Vaesweep_RefusedCount()
    message.reason = FieldRules.cleanName(reason)
    message.count = try FieldRules.large(count, "number of refusals")
    return message
  }
}
