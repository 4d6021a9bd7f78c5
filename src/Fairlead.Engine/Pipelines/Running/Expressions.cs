namespace Fairlead.Engine.Pipelines.Running;

internal static class Expressions
{
    public static bool Holds(string? condition, JobScope scope) =>
        condition is null ? scope.Status == JobStanding.Success : throw new NotSupportedException(condition);

    public static string Fill(string text, JobScope scope) => scope is null ? "" : text;
}
