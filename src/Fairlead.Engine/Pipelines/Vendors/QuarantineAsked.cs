using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>Tests in quarantine are a matter of whoever reads their reports: Fairlead where it runs the jobs, and nobody where a CI system does.</summary>
internal static class QuarantineAsked
{
    public static TranslationNotes Say(this TranslationNotes notes, Pipeline pipeline, ExportMode mode)
    {
        if (mode == ExportMode.Native && pipeline.Quarantine.Count > 0)
        {
            notes.LeftOut(
                pipeline.Name,
                $"Tests are in quarantine: {string.Join(", ", pipeline.Quarantine.Take(5).Select(static one => one.Test))}{(pipeline.Quarantine.Count > 5 ? ", ..." : "")}.",
                "There is no such list: their failures fail the job there. Skip them in the tests themselves, or let Fairlead run the jobs: --mode thin."
            );
        }
        return notes;
    }
}
