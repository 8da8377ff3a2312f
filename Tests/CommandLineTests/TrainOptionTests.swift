import Foundation
import TestSupport
import Testing
import VAE

@Suite("The flags of train")
struct TrainOptionTests {
  @Test("are the train keys of the catalogue, each with its help and default")
  func help() throws {
    let help = try Program().run("train", "--help").output
    let text = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for key in TrainKey.allCases {
      // A switch has two spellings: --sampling/--no-sampling.
      let flag = "--\(key.rawValue.replacing("_", with: "-"))"
      #expect(text.contains("\(flag) ") || text.contains("\(flag)/"), "\(key.rawValue)")
      #expect(text.contains(key.help), "\(key.rawValue)")
    }
    #expect(text.contains("--sampling/--no-sampling"))
    #expect(text.contains("(default: 0.001)"))
    #expect(text.contains("relu, tanh, sigmoid, elu. The nonlinearity"))
  }

  @Test("reach the run, each as it was given")
  func given() throws {
    let program = try Program()
    let run = try program.run(
      "train", "--architecture", "784-8-2", "--seed", "3", "--dataset", "digits:200:100",
      "--no-sampling", "--epochs", "1", "--batch-size=50", "--optimizer", "sgd",
      "--learning-rate", "1e-2", "--momentum", "0.5", "--initializer", "he_normal", "--activation",
      "tanh", "--loss", "mse", "--kl-weight", "2", "--limit", "100", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    for line in [
      #""sampling": false,"#, #""epochs": 1,"#, #""batch_size": 50,"#, #""optimizer": "sgd","#,
      #""learning_rate": 0.01,"#, #""momentum": 0.5,"#, #""initializer": "he_normal","#,
      #""activation": "tanh","#, #""loss": "mse","#, #""kl_weight": 2,"#, #""limit": 100,"#,
      #""seed": 3,"#,
    ] { #expect(run.output.contains(line), "\(line)") }
    #expect(!run.output.contains("beta1"))
  }

  @Test(
    "refuse what is out of range with one line that names the range",
    arguments: [
      (["--seed", "-1"], "out of range: it must be a whole number from 0 to 4294967295"),
      (["--seed", "4294967296"], "out of range: it must be a whole number from 0 to 4294967295"),
      (
        ["--init-seed", "99999999999999999999"], "out of range: it must be a whole number from 0 to"
      ),
      (["--seed", "one"], "it must be a whole number from 0 to 4294967295"),
      (["--seed", "1", "--epochs", "-1"], "epochs: -1 is not accepted: it must be a whole number"),
      (["--seed", "1", "--epochs", "many"], "epochs: many is not accepted: it must be a whole"),
      (["--seed", "1", "--learning-rate", "-0.5"], "it must be a number, above 0"),
      (["--seed", "1", "--learning-rate", "1e-50"], "single precision too, where this is 0"),
      (["--seed", "1", "--kl-weight", "1e39"], "single precision too, where this is infinite"),
      (["--seed", "1", "--rho", "0.5"], "rho: 0.5 is not accepted: it must be left out"),
      (["--seed", "1", "--activation", "gelu"], "one of relu, tanh, sigmoid, elu"),
    ])
  func refused(options: [String], line: String) throws {
    let program = try Program()
    let run = try RunningProgram(
      Program.path,
      ["train", "--architecture", "784-8-2", "--dataset", "digits:200:100"] + options,
      in: program.folder, environment: program.environment)
    #expect(try run.waitForEnd() == 2)
    #expect(run.errors.contains(line), "\(run.errors)")
    #expect(!run.errors.contains("Missing value"))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test(
    "and every number of another command's options likewise",
    arguments: [
      (["run", "x.yaml", "--workers", "-1"], "from 1 to 4096"),
      (["run", "x.yaml", "--workers", "99999999999999999999"], "from 1 to 4096"),
      (["worker", "--connect", "tcp://127.0.0.1:1", "--slots", "-3"], "from 1 to 4096"),
      (["seeds", "x.sqlite", "--mean-width", "-1"], "above 0"),
      (["seeds", "x.sqlite", "--mean-width", "1", "--power", "-1"], "above 0.05"),
      (["bench", "trainer", "--seconds", "-1"], "above 0, at most 3600"),
      (["bench", "trainer", "--batch-size", "-1"], "from 1 to 100000"),
      (["bench", "dispatch", "--points", "-1"], "from 1 to 1000000000"),
      (["summary", "x.sqlite", "--threshold", "-1"], "above 0"),
    ])
  func otherCommands(arguments: [String], range: String) throws {
    let program = try Program()
    let run = try RunningProgram(
      Program.path, arguments, in: program.folder, environment: program.environment)
    #expect(try run.waitForEnd() == 2)
    #expect(run.errors.contains("out of range: it must be a"), "\(run.errors)")
    #expect(run.errors.contains(range), "\(run.errors)")
  }

  @Test("stand in the README's list of train keys")
  func readme() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let texts = try ["README.md", "sweeps/README.md"].compactMap { name -> String? in
      let file = root.appending(path: name)
      guard FileManager.default.fileExists(atPath: file.path) else { return nil }
      return try String(contentsOf: file, encoding: .utf8)
    }
    for key in TrainKey.allCases {
      #expect(texts.contains { $0.contains("`\(key.rawValue)`") }, "\(key.rawValue)")
    }
  }
}
