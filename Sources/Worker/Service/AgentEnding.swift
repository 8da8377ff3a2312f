/// How a worker ended: its exit status, and a line for standard error.
package struct AgentEnding: Hashable, Sendable {
  package let status: Int32
  package let message: String?

  package init(status: Int32, message: String?) {
    self.status = status
    self.message = message
  }
}
