using System.Globalization;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines;

/// <summary>All that a pipeline says, as lines to compare.</summary>
internal static class PipelineText
{
    public static string Of(Pipeline pipeline) =>
        string.Join(
            '\n',
            [
                $"pipeline {pipeline.Name} env {Of(pipeline.Env)} concurrency {pipeline.Concurrency}",
                $"on push {Of(pipeline.On.Push)} change {Of(pipeline.On.Change)} tag {Of(pipeline.On.Tag)} schedule {Of(pipeline.On.Schedule)} manual {pipeline.On.Manual}",
                .. pipeline.Quarantine.Select(static one => $"quarantine {one}"),
                .. pipeline.Jobs.SelectMany(Of),
            ]
        );

    private static IEnumerable<string> Of(Job job) =>
        [
            $"job {job.Name} '{job.Title}' needs {Of(job.Needs)} if {job.If} machine {job.Machine} image {job.Image}",
            $"  env {Of(job.Env)} secrets {Of(job.Secrets)} tools {Of(job.Tools)} environment {job.Environment}",
            $"  manual {job.Manual} may fail {job.MayFail} timeout {job.Timeout} cores {job.Cores} apart {job.IsApart}",
            .. job.Matrix is { } matrix
                ?
                [
                    $"  matrix {string.Join(' ', matrix.Axes.Select(static one => $"{one.Name}={Of(one.Values)}"))} include {string.Join(' ', matrix.Include.Select(Of))} exclude {string.Join(' ', matrix.Exclude.Select(Of))} fails fast {matrix.FailsFast} parallel {matrix.Parallel}",
                ]
                : (string[])[],
            .. job.Shards is { } shards
                ?
                [
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  shards {shards.Count} files {Of(shards.Files)} list {Of(shards.List)}"
                    ),
                ]
                : (string[])[],
            .. job.Services.Select(static one =>
                $"  service {one.Name} {one.Image} {string.Join(',', one.Ports)} {Of(one.Env)} ready {Of(one.Ready)}"
            ),
            .. job.Caches.Select(static one => $"  cache {Of(one.Paths)} key {Of(one.Key)}"),
            .. job.Tasks.Select(static one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  task {one.Name} '{one.Title}' {Of(one.Act)} if {one.If} env {Of(one.Env)} in {one.Folder} inputs {(one.Inputs is null ? "unsaid" : Of(one.Inputs))} outputs {Of(one.Outputs)} reports {Of(one.Reports)} timeout {one.Timeout} retries {one.Retries} may fail {one.MayFail} once {one.IsOnce}"
                )
            ),
        ];

    private static string Of(Act act) =>
        act switch
        {
            Act.Command command => $"command {Of(command.Words)}",
            _ => act.ToString(),
        };

    private static string Of(IEnumerable<string> texts) => $"[{string.Join('|', texts)}]";

    private static string Of(IReadOnlyDictionary<string, string> texts) =>
        Of(texts.Select(static one => $"{one.Key}={one.Value}"));
}
