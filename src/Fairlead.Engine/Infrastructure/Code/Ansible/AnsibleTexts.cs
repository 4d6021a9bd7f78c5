namespace Fairlead.Engine.Infrastructure.Code.Ansible;

/// <summary>Files that are the same for every app.</summary>
internal static class AnsibleTexts
{
    public const string Configuration = """
        [defaults]
        inventory = inventory.yml
        # A machine that is another than it was is not talked to.
        host_key_checking = True
        interpreter_python = auto_silent
        nocows = True

        [ssh_connection]
        pipelining = True

        """;

    public static CodeFile Meta(string role, string what) =>
        new(
            $"roles/{role}/meta/main.yml",
            $"""
            ---
            galaxy_info:
              role_name: {role}
              author: Platform team
              description: {what}
              license: Apache-2.0
              min_ansible_version: "2.14"
              platforms:
                - name: Debian
                  versions:
                    - bookworm
                - name: Ubuntu
                  versions:
                    - jammy
                    - noble
            dependencies: []

            """
        );
}
