using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Expressions of jobs and tasks in a run. They were checked when the file was read.</summary>
internal static class Conditions
{
    public static bool Holds(string? condition, JobScope scope) => Of(condition).Holds(Context(scope));

    public static string Fill(string text, JobScope scope) =>
        TextTemplate.IsIn(text) ? (TextTemplate.Parse(text).Template ?? throw Unread(text)).Fill(Context(scope)) : text;

    private static Condition Of(string? text) =>
        text is null ? Condition.Usual : Condition.Parse(text).Condition ?? throw Unread(text);

    private static RunContext Context(JobScope scope) =>
        new()
        {
            Event = scope.Occasion.Event,
            Branch = scope.Occasion.Branch,
            Tag = scope.Occasion.Tag,
            Commit = scope.Occasion.Commit,
            Ref =
                scope.Occasion.Tag.Length > 0 ? $"refs/tags/{scope.Occasion.Tag}"
                : scope.Occasion.Branch.Length > 0 ? $"refs/heads/{scope.Occasion.Branch}"
                : "",
            Machine = scope.Machine,
            Env = scope.Env,
            Matrix = scope.Values,
            Needs = scope.Needs.ToDictionary(
                static one => one.Key,
                static one => Word(one.Value),
                StringComparer.Ordinal
            ),
            Status = scope.Status,
            Files = scope.Files,
        };

    private static string Word(RunStatus status) =>
        status switch
        {
            RunStatus.Success => "success",
            RunStatus.Failure => "failure",
            RunStatus.Skipped => "skipped",
            _ => "cancelled",
        };

    private static InvalidOperationException Unread(string text) => new($"Not checked when it was read: {text}");
}
