namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Whether the models say which photos they have seen.</summary>
/// <param name="CandidateKnown">Whether the candidate does.</param>
/// <param name="BaselineKnown">Whether the baseline does; true without one.</param>
public readonly record struct GateProvenance(bool CandidateKnown, bool BaselineKnown);
