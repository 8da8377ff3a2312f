import Foundation
import TestSupport
import Testing

@Suite("train --likelihood")
struct LikelihoodTests {
  private static let options = [
    "train", "--architecture", "784-16-2", "--seed", "3", "--dataset", "digits:200:100", "--epochs",
    "1", "--format",
  ]

  private func run(_ format: String, _ more: String...) throws
    -> (status: Int32, output: String, errors: String)
  {
    let program = try Program()
    return try program.run(Self.options + [format] + more)
  }

  @Test("tells a likelihood of binary images, and a bound of grey ones, with its error")
  func tells() throws {
    let binary = try run("json", "--likelihood", "50", "--binarize", "dynamic")
    #expect(binary.status == 0, "\(binary.errors)")
    let told = try #require(
      try JSONSerialization.jsonObject(with: Data(binary.output.utf8)) as? [String: Any])
    let (nll, error) = (told["nll"] as? Double, told["nll_error"] as? Double)
    let total = try #require(told["test_total"] as? Double)
    #expect(try #require(nll) < total + 1)
    #expect(try #require(error) > 0)
    #expect(told["likelihood_draws"] as? Int == 50)
    #expect(told["likelihood_images"] as? Int == 100)
    let uses = ["active", "mixed", "passive"].compactMap { told["\($0)_latents"] as? Int }
    #expect(uses.reduce(0, +) == 2)
    #expect(told["importance_bound"] == nil)

    let grey = try run("json", "--likelihood", "5", "--likelihood-images", "7")
    #expect(grey.output.contains(#""importance_bound": "#))
    #expect(grey.output.contains(#""likelihood_images": 7"#))
    #expect(!grey.output.contains(#""nll"#))
  }

  @Test("has a column for each figure in CSV, and a row in a table")
  func formats() throws {
    let lines = try run("csv", "--likelihood", "5", "--likelihood-images", "5").output
      .split(separator: "\n")
    #expect(lines.count == 2)
    let names = try #require(lines.first).split(separator: ",", omittingEmptySubsequences: false)
    for name in ["nll", "importance_bound", "active_latents", "likelihood_images"] {
      #expect(names.count { $0 == name } == 1, "\(name)")
    }
    // The three uses stand side by side, before the draws and images.
    #expect(try #require(lines.last).contains(/,[012],[012],[012],5,5,/))
    #expect(try run("table", "--likelihood", "5").output.contains("mutual_information"))
  }

  @Test(
    "is refused in one line where it means nothing",
    arguments: [
      (["--likelihood", "7"], "no multiple of 5"), (["--likelihood", "0"], "from 5 to 1000000"),
      (["--likelihood", "5", "--no-sampling"], "without sampling"),
      (["--likelihood-images", "5"], "--likelihood 1000"),
    ])
  func refused(options: [String], line: String) throws {
    let run = try Program().run(Self.options + ["json"] + options)
    #expect(run.status == 2)
    #expect(run.errors.contains(line), "\(run.errors)")
    #expect(run.output.isEmpty)
  }
}
