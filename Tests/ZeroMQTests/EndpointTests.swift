import Testing
import ZeroMQ

@Suite("Endpoints")
struct EndpointTests {
  @Test(
    "An endpoint is read and written back as it was",
    arguments: [
      ("tcp://127.0.0.1:5757", true), ("tcp://127.8.0.1:1", true), ("tcp://localhost:5757", true),
      ("tcp://[::1]:5757", true), ("tcp://lo:5757", true), ("ipc:///tmp/vaesweep.sock", true),
      ("ipc://@abstract", true), ("inproc://wake", true), ("tcp://*:5757", false),
      ("tcp://10.77.0.1:65535", false), ("tcp://0.0.0.0:5757", false), ("tcp://eth0:5757", false),
      ("tcp://head-node.cluster_a.example:5757", false), ("tcp://[fe80::1%eth0]:5757", false),
      ("tcp://127.evil.example:5757", false), ("tcp://[::]:5757", false),
    ])
  func readable(text: String, isLoopback: Bool) throws {
    let endpoint = try Endpoint(parsing: text)
    #expect(endpoint.description == text)
    #expect(endpoint.isLoopback == isLoopback)
  }

  @Test("Port 0 and port * both mean a free one", arguments: ["0", "*"])
  func ephemeral(port: String) throws {
    #expect(try Endpoint(parsing: "tcp://127.0.0.1:\(port)") == .anyLoopbackPort)
  }

  @Test(
    "Text that is no endpoint is refused with the reason",
    arguments: [
      ("foo", "write tcp://HOST:PORT"), ("", "write tcp://HOST:PORT"),
      ("localhost:5757", "write tcp://HOST:PORT"), ("http://host:80", "write tcp://HOST:PORT"),
      ("TCP://host:80", "write tcp://HOST:PORT"), ("tcp://", "HOST:PORT"),
      ("tcp://host", "HOST:PORT"), ("tcp://:5757", "HOST:PORT"), ("tcp://[::1]", "HOST:PORT"),
      ("tcp://host:", "the port ''"), ("tcp://host:65536", "the port '65536'"),
      ("tcp://host:-1", "the port '-1'"), ("tcp://host:57 57", "no blanks"),
      ("tcp://host:+57", "the port '+57'"), ("tcp://host:5757/x", "the port '5757/x'"),
      ("tcp://::1:5757", "stands in brackets"), ("tcp://[::g]:5757", "no IPv6 address"),
      ("tcp://300.1.1.1:5757", "no IPv4 address"), ("tcp://10.1:5757", "no IPv4 address"),
      ("tcp://ho;st:5757", "no host name"), ("tcp://-host:5757", "no host name"),
      ("tcp://h\u{f6}st:5757", "no host name"), ("ipc://", "1 to 107 bytes"),
      ("ipc:///" + String(repeating: "x", count: 107), "1 to 107 bytes"),
      ("inproc://", "1 to 255 bytes"),
    ])
  func unreadable(text: String, reason: String) {
    let error = #expect(throws: ZeroMQError.self) { try Endpoint(parsing: text) }
    let line = error?.description ?? ""
    #expect(line.hasPrefix("'\(text)' is not an endpoint: "))
    #expect(line.contains(reason), "\(line)")
  }
}
