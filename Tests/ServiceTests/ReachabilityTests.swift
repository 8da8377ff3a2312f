import Testing
import Worker
import ZeroMQ

@Suite("Reaching an endpoint")
struct ReachabilityTests {
  @Test("tells a listener from a port where nobody listens")
  func ports() throws {
    let context = try Context()
    let socket = try Socket(.router, in: context)
    let endpoint = try socket.bind(.anyLoopbackPort)
    #expect(Reachability.find(endpoint) == .reached)
    // libzmq lets go of a port a moment after it was closed; of port 1 nobody has taken hold.
    #expect(Reachability.find(try Endpoint(parsing: "tcp://127.0.0.1:1")) == .failed(111))
  }

  @Test("tells a name that nobody knows in the words of the name service")
  func names() throws {
    let found = Reachability.find(try Endpoint(parsing: "tcp://no.such.host.invalid:5757"))
    guard case .unresolved(let words) = found else {
      Issue.record("\(found)")
      return
    }
    #expect(!words.isEmpty)
  }

  @Test("tells a socket file that is not there")
  func files() throws {
    #expect(Reachability.find(try Endpoint(parsing: "ipc:///nowhere/socket")) == .failed(2))
  }
}
