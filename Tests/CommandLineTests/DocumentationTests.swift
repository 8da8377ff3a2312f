import Foundation
import TestSupport
import Testing

/// What the README files promise: commands that exist and work as printed, files that are there.
@Suite("Documentation")
struct DocumentationTests {
  /// A README with its text.
  struct Document: Sendable, CustomTestStringConvertible {
    let path: String
    let text: String

    var testDescription: String { path }

    /// The lines of fenced blocks of one language.
    func lines(in language: String) -> [String] {
      text.matches(of: /(?m)^```(\w*)\n((?s:.*?))^```$/).filter { $0.1 == language }
        .flatMap { $0.2.split(separator: "\n").map(String.init) }
    }

    /// What stands between backquotes, and the lines of shell blocks.
    var commands: [String] {
      let prose = text.replacing(/(?m)^```(?s:.*?)^```$/, with: "")
      let quoted = prose.matches(of: /`([^`]+)`/).map { String($0.1.replacing("\n", with: " ")) }
      return quoted + lines(in: "sh")
    }

    /// The folder it lies in.
    var folder: String {
      URL(filePath: "\(MNIST.repositoryRoot)/\(path)").deletingLastPathComponent().path
    }
  }

  static let documents: [Document] = [
    "README.md", "sweeps/README.md", "deploy/README.md", "Sources/README.md", "Tests/README.md",
    ".github/CONTRIBUTING.md", "deploy/systemd/README.md", "deploy/container/README.md",
    "deploy/kubernetes/README.md",
  ].compactMap { path in
    (try? String(contentsOfFile: "\(MNIST.repositoryRoot)/\(path)", encoding: .utf8)).map {
      Document(path: path, text: $0)
    }
  }

  @Test("Each folder has a README")
  func present() { #expect(Self.documents.count == 9) }

  @Test("Every link leads to a file of the repository", arguments: documents)
  func links(document: Document) {
    for link in document.text.matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
      #expect(Machine.fileExists("\(document.folder)/\(link.1)"), "\(link.1)")
    }
  }

  @Test("Every script that is named is there", arguments: documents)
  func scripts(document: Document) {
    for script in document.text.matches(of: /(?:^|[\s`(])((?:deploy|\.ci)\/[\w-]+)(?![\w-]|\.md)/) {
      #expect(access("\(MNIST.repositoryRoot)/\(script.1)", X_OK) == 0, "\(script.1)")
    }
  }

  @Test("Every command that is named exists, with its options", arguments: documents)
  func commands(document: Document) throws {
    let program = try Program()
    var helps: [[String]: String] = [:]
    for command in document.commands {
      guard let call = command.firstMatch(of: /(?:^|\s)vaesweep ([a-z].*)$/) else { continue }
      let words = call.1.prefix { !"|>#;".contains($0) }.split(separator: " ").map(String.init)
      // These have commands of their own.
      let depth = ["keys", "data", "bench", "control", "launch"].contains(words[0]) ? 2 : 1
      let path = words.prefix(depth).filter { $0.allSatisfy(\.isLetter) }
      if helps[path] == nil {
        let help = try RunningProgram(
          Program.path, ["help"] + path, in: program.folder, environment: program.environment)
        #expect(try help.waitForEnd() == 0, "\(document.path): \(command)")
        helps[path] = help.output
      }
      // What stands behind -- is another program's.
      let own = words.prefix { $0 != "--" }
      for option in own where option.hasPrefix("--") && option != "--help" {
        let name = option.prefix { $0 != "=" }
        #expect(
          helps[path]?.contains(name) == true,
          "\(document.path): \(command): \(path) has no \(name)")
      }
    }
  }

  @Test("The README's orders to a coordinator work as printed")
  func orders() throws {
    var program = try Program()
    let readme = try #require(Self.documents.first { $0.path == "README.md" })
    let lines = readme.lines(in: "sh").filter { $0.hasPrefix("vaesweep control ") }
    #expect(lines.count == 6)
    let sweep = readme.lines(in: "yaml").joined(separator: "\n")
      .replacing("dataset: mnist", with: "dataset: digits:400:100")
    try program.folder.write(Array(sweep.utf8), to: "my-sweep.yaml")
    let coordinator = try program.start(
      "coordinator", "my-sweep.yaml", "--store", "orders.sqlite", "--bind", "tcp://127.0.0.1:*")
    program.environment["COORDINATOR"] = try program.endpoint(of: coordinator)
    let bin = URL(filePath: Program.path).deletingLastPathComponent().path
    program.environment["PATH"] = "\(bin):\(Machine.environment["PATH"] ?? "")"
    for line in lines {
      let run = try RunningProgram(
        "/bin/bash", ["-euo", "pipefail", "-c", line], in: program.folder,
        environment: program.environment)
      #expect(try run.waitForEnd() == 0, "\(line): \(run.errors)")
    }
    #expect(try coordinator.waitForEnd() == 130, "\(coordinator.errors)")
  }

  @Test("The README's session works as printed, on fewer images")
  func session() throws {
    var program = try Program()
    let readme = try #require(Self.documents.first { $0.path == "README.md" })
    let sweep = readme.lines(in: "yaml").joined(separator: "\n")
      .replacing("dataset: mnist", with: "dataset: digits:400:100")
      .replacing("0..19", with: "0..4").replacing("epochs: 50", with: "epochs: 2")
    #expect(sweep.contains("digits:400:100") && sweep.contains("0..4"))
    try program.folder.write(Array(sweep.utf8), to: "my-sweep.yaml")
    let bin = URL(filePath: Program.path).deletingLastPathComponent().path
    program.environment["PATH"] = "\(bin):\(Machine.environment["PATH"] ?? "")"
    program.environment["VAESWEEP_DATA"] = MNIST.folder ?? ""
    var ran = 0
    for line in readme.lines(in: "sh") where line.hasPrefix("vaesweep ") {
      // Other hosts, a scheduler, keys that only they have, and MNIST where this machine lacks it.
      if line.contains(/[A-Z]{3}/) || line.hasPrefix("vaesweep coordinator")
        || line.hasPrefix("vaesweep launch")
      {
        continue
      }
      let isOfMNIST = line.contains("mnist") || line.contains("vaesweep train ")
      if isOfMNIST, MNIST.folder == nil { continue }
      let run = try RunningProgram(
        "/bin/bash", ["-euo", "pipefail", "-c", line], in: program.folder,
        environment: program.environment, patience: 1_200)
      #expect(try run.waitForEnd() == 0, "\(line): \(run.errors)")
      ran += 1
    }
    #expect(ran >= (MNIST.folder == nil ? 8 : 11))
    #expect(program.folder.names(in: "report").contains("index.html"))
    let lines = try String(contentsOfFile: program.folder["outcomes.jsonl"], encoding: .utf8)
    #expect(lines.split(separator: "\n").count == 15)
  }

  @Test("Every room and every folder of tests is on the map", arguments: ["Sources", "Tests"])
  func rooms(folder: String) throws {
    let root = "\(MNIST.repositoryRoot)/\(folder)"
    let map = try String(contentsOfFile: "\(root)/README.md", encoding: .utf8)
    let rooms = try FileManager.default.contentsOfDirectory(atPath: root).filter { name in
      // Module maps of C libraries are one line there.
      !name.contains(".") && name.firstMatch(of: /^C[A-Z]/) == nil
    }
    #expect(rooms.count > 10)
    for room in rooms { #expect(map.contains("`\(room)`"), "\(room)") }
  }

  @Test("No file of the repository refers to a document that is not in it")
  func references() throws {
    let root = MNIST.repositoryRoot
    let own = #filePath
    var read = 0
    for folder in ["Sources", "Tests", "sweeps", "deploy", ".ci", ".github"] {
      for name in try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)") {
        let path = "\(root)/\(folder)/\(name)"
        guard path != own, let text = try? String(contentsOfFile: path, encoding: .utf8) else {
          continue
        }
        read += 1
        for word in ["DESIGN", "CLAIMS", "FACTS", "STYLE"] {
          #expect(!text.contains("\(word).md"), "\(path)")
        }
      }
    }
    #expect(read > 500)
  }
}
