package import Platform

/// Slurm's programs, each called with a deadline: whatever they do, this program goes on.
package struct SlurmPrograms: Sendable {
  /// Begins the names of all jobs of one launch.
  package let prefix: String
  private let environment: [String: String]
  private let deadline: Duration
  /// Ends whatever is being waited for.
  private let stop: StopSignal?

  /// - Parameters:
  ///   - prefix: Of the jobs' names: the same after a restart, and nobody else's.
  ///   - environment: Of the programs. What tells of a job that this program itself runs in is left out.
  ///   - deadline: After which a program is killed.
  package init(
    prefix: String, environment: [String: String], deadline: Duration = .seconds(30),
    stop: StopSignal? = nil
  ) {
    self.prefix = prefix
    let kept: Set<String> = ["SLURM_CONF", "SLURM_CLUSTERS"]
    self.environment = environment.filter { !$0.key.hasPrefix("SLURM_") || kept.contains($0.key) }
    self.deadline = deadline
    self.stop = stop
  }

  /// What became of a call.
  package enum Answer<Value: Sendable>: Sendable {
    case value(Value)
    /// It said no, and why.
    case refusal(String)
    /// It did not come to an end, or to one that can be understood: what was asked may be done or not.
    case none(String)
  }

  /// Asks whether a job with these options would be taken.
  package func test(_ script: JobScript, _ options: [String]) -> Answer<Void> {
    let answer = call(
      "sbatch", ["--test-only", "--job-name=\(prefix)test"] + options,
      input: Array(script.text.utf8))
    return switch answer {
    case .value: .value(())
    case .refusal(let reason): .refusal(reason)
    case .none(let reason): .none(reason)
    }
  }

  package func submit(_ token: SubmissionToken, _ script: JobScript, _ options: [String])
    -> Answer<SlurmJobID>
  {
    let answer = call(
      "sbatch", ["--parsable", "--job-name=\(prefix)\(token.text)"] + options,
      input: Array(script.text.utf8))
    switch answer {
    case .value(let text):
      // With several clusters it names the job's behind a semicolon.
      let number = text.split(whereSeparator: \.isNewline).last?.split(separator: ";").first
      guard let number = number.flatMap({ Int($0) }), number > 0 else {
        return .none("it printed no job's number")
      }
      return .value(SlurmJobID(number))
    case .refusal(let reason): return .refusal(reason)
    case .none(let reason): return .none(reason)
    }
  }

  /// All jobs of this launch that Slurm knows of, those that have ended of late among them.
  package func list() -> Answer<[ListedJob]> {
    let answer = call(
      "squeue",
      ["--noheader", "--me", "--states=all", "--Format=\(QueueListing.format)"])
    switch answer {
    case .value(let text):
      guard let jobs = QueueListing.parse(text, prefix: prefix) else {
        return .none("it printed something else than a list of jobs")
      }
      return .value(jobs)
    case .refusal(let reason): return .refusal(reason)
    case .none(let reason): return .none(reason)
    }
  }

  /// Sends SIGTERM to a job's worker.
  ///
  /// - Returns: Why that did not go out; nil where it did, or there is no such job any more.
  package func release(_ id: SlurmJobID) -> String? {
    end(["--signal=TERM", "--batch", "\(id)"])
  }

  package func cancel(_ id: SlurmJobID) -> String? { end(["\(id)"]) }

  private func end(_ arguments: [String]) -> String? {
    switch call("scancel", arguments) {
    case .value: nil
    case .refusal(let reason), .none(let reason):
      reason.contains("Invalid job id") || reason.contains("already completing") ? nil : reason
    }
  }

  private func call(_ program: String, _ arguments: [String], input: [UInt8] = []) -> Answer<String>
  {
    let run: ProgramRun
    do throws(SystemError) {
      run = try ProgramRun.run(
        program, arguments, environment: environment, input: input, deadline: deadline,
        keeping: 16 << 20,
        orReadable: stop?.isRequested == true ? nil : stop?.wakeUp.descriptor)
    } catch {
      return .refusal("\(error)")
    }
    let complaint = Self.complaint(run.errors.text)
    switch run.ending {
    case .ended(.status(0)):
      return run.output.droppedBytes == 0
        ? .value(run.output.text) : .none("it printed more than can be read")
    case .ended(let end):
      let reason = complaint ?? "\(program) ended with \(end)"
      return Self.mayHaveArrived(reason) ? .none(reason) : .refusal(reason)
    case .tookTooLong: return .none("it gave no answer within \(deadline.components.seconds)s")
    case .stopped: return .none("it was interrupted")
    }
  }

  /// The last thing that a program complained of, in one line.
  private static func complaint(_ text: String) -> String? {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    // Of several lines the last says what came of it, and the first often why.
    guard let last = lines.last else { return nil }
    let said = lines.count > 1 && lines[0] != last ? "\(lines[0]); \(last)" : last
    return String(said.replacing("sbatch: error: ", with: "").prefix(300))
  }

  /// Whether it is the controller that was not heard: then nobody knows what it has done.
  private static func mayHaveArrived(_ reason: String) -> Bool {
    ["timed out", "Unable to contact", "Zero Bytes", "onnect", "ommunication"].contains {
      reason.contains($0)
    }
  }
}
