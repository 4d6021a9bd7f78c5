namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>What is wrong with an expression, and where.</summary>
/// <param name="At">Letters before it in the text that was read.</param>
public sealed record ExpressionFault(int At, string What, string Why, string Fix);
