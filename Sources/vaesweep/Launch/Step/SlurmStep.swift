/// This process's place among the tasks of a Slurm step: `srun vaesweep run` starts one on every node.
struct SlurmStep: Hashable, Sendable {
  let job: Int
  let step: Int
  /// How often the job was requeued: files of an earlier start are of another number.
  let restart: Int
  /// From 0; the first coordinates.
  let task: Int
  let tasks: Int

  /// nil where this process is no task of a step, or its only one: the script of a batch job is none.
  init?(_ environment: [String: String]) throws(CommandError) {
    func number(_ name: String) throws(CommandError) -> Int? {
      guard let text = environment[name], !text.isEmpty else { return nil }
      guard let number = Int(text), number >= 0 else {
        throw .badInput("$\(name) is not a number: \(text); outside of a Slurm step unset it")
      }
      return number
    }
    guard let tasks = try number("SLURM_STEP_NUM_TASKS"), tasks > 1 else { return nil }
    guard let job = try number("SLURM_JOB_ID"), let step = try number("SLURM_STEP_ID"),
      let task = try number("SLURM_PROCID"), task < tasks
    else {
      throw .badInput(
        "$SLURM_STEP_NUM_TASKS says that this is one of \(tasks) tasks of a Slurm step, and $SLURM_JOB_ID, "
          + "$SLURM_STEP_ID or $SLURM_PROCID does not say which: outside of a step unset it")
    }
    (self.job, self.step, self.task, self.tasks) = (job, step, task, tasks)
    restart = try number("SLURM_RESTART_COUNT") ?? 0
  }

  var isFirst: Bool { task == 0 }

  /// As Slurm's own lists name it.
  var name: String { "\(job).\(step)" }
}
