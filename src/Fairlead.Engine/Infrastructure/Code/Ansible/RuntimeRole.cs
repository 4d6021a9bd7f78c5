namespace Fairlead.Engine.Infrastructure.Code.Ansible;

/// <summary>The role that installs what programs are run by.</summary>
internal static class RuntimeRole
{
    public static IReadOnlyList<CodeFile> Files { get; } =
    [
        new("roles/runtime/defaults/main.yml", Defaults),
        AnsibleTexts.Meta("runtime", "What programs of services are run by"),
        new("roles/runtime/tasks/main.yml", Tasks),
    ];

    private const string Defaults = """
        ---
        runtime_languages: []
        # Of Debian and Ubuntu, so that security updates come by themselves. For a newer one add its source before this role.
        runtime_packages:
          java:
            - default-jre-headless
          nodejs:
            - nodejs
          php:
            - php-cli
            - php-fpm
          python:
            - python3
            - python3-venv
          ruby:
            - ruby

        """;

    private const string Tasks = """
        ---
        - name: Refuse languages that nobody knows here
          ansible.builtin.assert:
            that:
              - runtime_languages | difference(runtime_packages | list) | length == 0
            fail_msg: "Known are {{ runtime_packages | list | sort | join(', ') }}."
            quiet: true

        - name: Install what programs are run by
          ansible.builtin.apt:
            name: "{{ runtime_languages | map('extract', runtime_packages) | flatten }}"
            state: present
            install_recommends: false
            update_cache: true
            cache_valid_time: 3600
          when: runtime_languages | length > 0
          tags: packages

        """;
}
