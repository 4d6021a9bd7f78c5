namespace Fairlead.Model.Pipelines;

/// <summary>Tests whose failures stop nothing until a day, since somebody is mending them.</summary>
/// <param name="Test">What they are called in reports; <c>*</c> stands for any letters, <c>?</c> for one.</param>
/// <param name="Owner">Who mends them.</param>
/// <param name="Until">The last day on which it holds, in UTC.</param>
/// <param name="Reason">Why, for those who come later.</param>
public sealed record Quarantined(string Test, string Owner, DateOnly Until, string Reason);
