import Launch
import Platform
import TestSupport
import Testing

/// The scripts as a host's shell gets them; a folder stands for the host's home.
@Suite("The scripts for a host")
struct RemoteScriptTests {
  private let folder: TemporaryFolder
  private let bundle: ProgramBundle
  private let context: RemoteScript.Context

  init() throws {
    folder = try TemporaryFolder()
    // Any program of this machine.
    bundle = try ProgramBundle(path: "/bin/sh", version: "9.9")
    context = RemoteScript.Context(
      token: "0123", launch: "4567", endpoint: "tcp://10.0.0.5:5757", bundle: bundle.name)
  }

  private var scripts: [RemoteScript] {
    [
      .start(context, line: HostNumber(0), worker: ["--slots", "2", "--join", "@-"]),
      .detach(context, line: HostNumber(3), worker: []),
      .copy(context), .stop(context, onlyOwn: true, endpoint: nil),
      .stop(context, onlyOwn: false, endpoint: "tcp://a b:1"),
    ]
  }

  @Test("Every login shell passes them on as they stand")
  func characters() {
    for script in scripts {
      for character in ["'", "!", "\n", "\\\\", "\\'"] {
        #expect(!script.text.contains(character), "\(script.text)")
      }
    }
  }

  @Test("They are right for a shell")
  func syntax() throws {
    for script in scripts {
      #expect(Machine.run("sh", "-n", "-c", script.text) == 0, "\(script.text)")
    }
  }

  @discardableResult
  private func run(_ script: RemoteScript, input: [[UInt8]] = []) throws -> RunningProgram {
    try folder.write(Array(input.joined()), to: "input")
    let program = try RunningProgram(
      "/bin/sh", ["-c", script.command + " <input"], in: folder,
      environment: ["HOME": folder.path, "XDG_CACHE_HOME": ""])
    try program.waitForEnd()
    return program
  }

  private func marks(_ program: RunningProgram) -> [RemoteMark] {
    program.output.split(separator: "\n").compactMap { RemoteMark(String($0), token: "0123") }
  }

  @Test("A program is missing until it was copied, and again when its copy is damaged")
  func copying() throws {
    let start = RemoteScript.start(context, line: HostNumber(0), worker: [])
    #expect(marks(try run(start)) == [.missing])
    let copied = try run(.copy(context), input: bundle.archive)
    #expect(marks(copied) == [.copied], "\(copied.output)\(copied.errors)")
    let home = ".cache/vaesweep/bin"
    #expect(folder.names(in: home) == [bundle.name.folder])
    #expect(folder.names(in: "\(home)/\(bundle.name.folder)") == ["SHA256SUMS", "bin"])
    // It is there: the script waits to be told where the coordinator is, and input ends.
    let marks = marks(try run(start))
    guard case .ready(_, _)? = marks.first, marks.count == 1 else {
      Issue.record("\(marks)")
      return
    }
    // A second copy, as of another host with this home, changes nothing.
    #expect(self.marks(try run(.copy(context), input: bundle.archive)) == [.copied])
    try folder.write(Array("#!/bin/sh\n".utf8), to: "\(home)/\(bundle.name.folder)/bin/vaesweep")
    #expect(self.marks(try run(start)) == [.missing])
    #expect(self.marks(try run(.copy(context), input: bundle.archive)) == [.copied])
    #expect(folder.names(in: home) == [bundle.name.folder])
  }

  @Test("The line that comes to a host first keeps it; another name of it is told so")
  func names() throws {
    try run(.copy(context), input: bundle.archive)
    func isReady(_ context: RemoteScript.Context, _ line: Int) throws -> Bool {
      let marks = marks(try run(.start(context, line: HostNumber(line), worker: [])))
      if case .ready? = marks.first { return marks.count == 1 }
      #expect(marks == [.twice])
      return false
    }
    #expect(try isReady(context, 1))
    #expect(try !isReady(context, 0))
    let detached = RemoteScript.detach(context, line: HostNumber(2), worker: [])
    #expect(marks(try run(detached)) == [.twice])
    // Started again after a lost connection.
    #expect(try isReady(context, 1))
    var other = context
    other.launch = "89ab"
    #expect(try isReady(other, 0))
  }

  @Test("A worker that ends before it is detached leaves its status, and a log but no record")
  func detaching() throws {
    try run(.copy(context), input: bundle.archive)
    // The shell that stands for the program finds no file called worker.
    let script = RemoteScript.detach(context, line: HostNumber(0), worker: [])
    let program = try run(script, input: [Array("tcp://10.0.0.5:5757\n\n".utf8)])
    let marks = marks(program)
    guard case .ready? = marks.first, case .failed(let status)? = marks.last, marks.count == 2
    else {
      Issue.record("\(program.output)\(program.errors)")
      return
    }
    #expect(status == 2 || status == 127)
    #expect(program.output.contains("worker"), "\(program.output)")
    let names = folder.names(in: ".cache/vaesweep/launch").filter { !$0.hasPrefix(".") }
    #expect(names.count == 1 && names[0].contains(/@\d+\.log$/), "\(names)")
  }

  @Test("Old logs go, but for those of workers that still run")
  func logs() throws {
    try run(.copy(context), input: bundle.archive)
    let launch = ".cache/vaesweep/launch"
    for name in ["other@1.log", "other@2.log", "other@2"] {
      try folder.write([], to: "\(launch)/\(name)")
      let path = folder["\(launch)/\(name)"]
      #expect(Machine.run("touch", "-d", "2020-01-01", path) == 0)
    }
    try folder.write([], to: "\(launch)/other@3.log")
    try run(.start(context, line: HostNumber(0), worker: []))
    let left = folder.names(in: launch).filter { $0.hasSuffix(".log") }
    #expect(left.sorted() == ["other@2.log", "other@3.log"])
  }

  @Test("Of a copy that was cut off or changed on the way nothing stays")
  func halfCopy() throws {
    let whole = Array(bundle.archive.joined())
    var changed = whole
    changed[2000] ^= 1
    for input in [Array(whole.prefix(whole.count / 2)), changed, []] {
      let program = try run(.copy(context), input: [input])
      #expect(marks(program).isEmpty)
      #expect(folder.names(in: ".cache/vaesweep/bin") == [])
    }
  }

  @Test("A host that is another machine says so")
  func otherMachine() throws {
    var other = context
    other.bundle = BundleName(version: "9.9", digest: bundle.name.digest, machine: "z80")
    let marks = marks(try run(.start(other, line: HostNumber(0), worker: [])))
    guard case .otherMachine(let machine)? = marks.first else {
      Issue.record("\(marks)")
      return
    }
    #expect(machine.hasPrefix("Linux "))
  }

  @Test("A process is ended only where its number, its start and the boot are those on record")
  func records() throws {
    let stop = RemoteScript.stop(context, onlyOwn: false, endpoint: nil)
    #expect(marks(try run(stop)) == [.none])
    // A thread of tests may have signals blocked; this child of it has none.
    let other = try ChildProcess("/bin/sleep", ["600"])
    let name = try RunningProgram("/bin/uname", ["-n"], in: folder)
    try name.waitForEnd()
    let host = name.output.split(separator: "\n").first.map(String.init) ?? ""
    func note(_ start: String, _ boot: String) throws {
      let record = "\(other.number) \(start) \(boot) 4567 attached tcp://10.0.0.5:5757\n"
      try folder.write(
        Array(record.utf8), to: ".cache/vaesweep/launch/\(host)@\(other.number)")
    }
    let boot = try text("/proc/sys/kernel/random/boot_id")
    let start = try #require(ProcessStat(of: other.number)?.startTicks)
    for (start, boot) in [("1", boot), (String(start), "another-boot"), ("", boot)] {
      try note(start, boot)
      #expect(marks(try run(stop)) == [.none])
      #expect(folder.names(in: ".cache/vaesweep/launch") == [])
      #expect(!other.hasEnded)
    }
    try note(String(start), boot)
    let elsewhere = RemoteScript.stop(context, onlyOwn: false, endpoint: "tcp://10.0.0.6:5757")
    #expect(marks(try run(elsewhere)) == [.none])
    #expect(marks(try run(stop)) == [.ended(process: Int(other.number))])
    #expect(other.wait(atMost: .seconds(60)) == .signal(15))
  }

  private func text(_ path: String) throws -> String {
    let program = try RunningProgram("/bin/cat", [path], in: folder)
    try program.waitForEnd()
    return program.output.split(separator: "\n").joined()
  }

  @Test("A mark of another token is none, and stands behind a line without an end")
  func marks() {
    #expect(RemoteMark("vaesweep-launch:0124: missing", token: "0123") == nil)
    #expect(RemoteMark("vaesweep-launch:0123: ready host", token: "0123") == nil)
    #expect(RemoteMark("vaesweep-launch:0123: nonsense", token: "0123") == nil)
    #expect(RemoteMark("hello vaesweep-launch:0123: missing", token: "0123") == .missing)
    #expect(
      RemoteMark("vaesweep-launch:0123: ready node 12", token: "0123")
        == .ready(host: "node", process: 12))
  }
}
