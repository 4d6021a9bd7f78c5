namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>What was found that should not be, and who is kept out.</summary>
public sealed record Detection(FindingBook Findings, BlockBook Blocks, Watchman Watchman);
