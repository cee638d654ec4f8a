BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeTerraform.psm1"
    $secret = 'hunter22-planted'
}

Describe 'Invoke-WmsTerraform' {
    BeforeEach { $folder = New-TerraformFolder "$(New-TestFolder)/infra/terraform" }

    It 'returns a record for each change, and saves the plan' {
        Remove-Item "$folder/.terraform/wms.tfplan"
        $changes = Invoke-WithTerraform { Invoke-WmsTerraform $folder -WarningAction Ignore }
        $changes | Should -BeOfType WaterMeters.TerraformChange
        $changes.Action | Should -Be Create, Replace, Destroy
        $changes | ForEach-Object Address | Should -Be aws_vpc.this, aws_instance.machine, 'aws_eip.machine[0]'
        $changes[1].Reason | Should -Be 'it cannot be changed where it is: ami'
        $changes[0].PlanPath | Should -Exist
        $changes.MonthlyCost | Should -Be $null, 70.08, $null
        Get-Content "$folder/calls" | Should -Not -Match '^apply'
    }

    It 'returns the records of a saved plan without -Apply' {
        $changes = Invoke-WithTerraform { Invoke-WmsTerraform $folder -PlanPath "$folder/.terraform/wms.tfplan" }
        $changes.Action | Should -Be Create, Replace, Destroy
        Get-Content "$folder/calls" | Should -Not -Match '^(apply|plan)'
    }

    It 'applies a saved plan from the pipeline, once' {
        $done = Invoke-WithTerraform {
            Invoke-WmsTerraform $folder -WarningAction Ignore | Invoke-WmsTerraform $folder -Apply -Confirm:$false
        }
        $done.Action | Should -Be Create, Replace, Destroy
        @(Get-Content "$folder/calls") -match '^apply' | Should -HaveCount 1
    }

    It 'names what is destroyed and replaced, and applies nothing, with -WhatIf' {
        $child = Invoke-WithTerraform {
            Invoke-ChildPwsh -ImportModule "Invoke-WmsTerraform '$folder' -Apply -PlanPath '$folder/.terraform/wms.tfplan' -WhatIf"
        }
        "$($child.Output)" | Should -Match 'Create 1, Replace 1 \(aws_instance.machine\), Destroy 1 \(aws_eip.machine\[0\]\)'
        "$($child.Output)" | Should -Match '70\.08 USD a month'
        Get-Content "$folder/calls" | Should -Not -Match '^apply'
    }

    It 'plans to destroy the machine alone with -Destroy' {
        $null = Invoke-WithTerraform { Invoke-WmsTerraform $folder -Destroy -WarningAction Ignore }
        @(Get-Content "$folder/calls") -match '^plan' | Should -BeLike '* -destroy -target=aws_instance.machine*'
        Get-Content "$folder/calls" | Should -Not -Match '^apply'
    }

    It 'asks before it applies, and applies nothing where no one can answer' {
        $child = Invoke-WithTerraform {
            Invoke-ChildPwsh -ImportModule "Invoke-WmsTerraform '$folder' -Apply -PlanPath '$folder/.terraform/wms.tfplan'"
        }
        $child.ExitCode | Should -Not -Be 0
        Get-Content "$folder/calls" | Should -Not -Match '^apply'
    }

    It 'returns the outputs as one record, and what is sensitive as a SecureString' {
        $outputs = Invoke-WithTerraform { Invoke-WmsTerraform $folder -Output }
        $outputs.InstanceId, $outputs.BucketName | Should -Be 'i-0abc', 'wms-data'
        $outputs.Password | Should -BeOfType securestring
        ConvertFrom-SecureString $outputs.Password -AsPlainText | Should -Be $secret
        $outputs | Out-String | Should -Not -Match $secret
    }

    It 'shows no secret, whatever terraform prints, with -Verbose and -Debug and in errors' {
        Set-Content "$folder/fault" failed
        $plan = "$folder/.terraform/wms.tfplan"
        $all = "try { Invoke-WmsTerraform '$folder' -Apply -PlanPath '$plan' -Confirm:`$false -Verbose -Debug *>&1 } " +
            "catch { `$_ | Out-String; Get-Error | Out-String }; Invoke-WmsTerraform '$folder' -Output -Verbose -Debug *>&1 | Out-String"
        $child = Invoke-WithTerraform { Invoke-ChildPwsh -ImportModule $all }
        "$($child.Output)" | Should -Match 'creating EC2 Instance'
        "$($child.Output) $($child.Error)" | Should -Not -Match $secret
    }

    It 'copies the files of the module into a repository that has none, and keeps those it has' {
        $root = New-TestFolder
        $null = New-Item -ItemType Directory "$root/infra/machine"
        Set-Content "$root/infra/machine/setup.sh" '# mine'
        Push-Location $root
        try {
            $child = Invoke-WithTerraform { Invoke-ChildPwsh -ImportModule "Set-Location '$root'; Invoke-WmsTerraform -WhatIf" }
            "$($child.Output)" | Should -Match 'infra'
            "$root/infra/terraform" | Should -Not -Exist

            # The fake program finds no plan.json among them, and fails.
            Invoke-WithTerraform { { Invoke-WmsTerraform } | Should -Throw -ErrorId 'TerraformFailed,*' }
        }
        finally { Pop-Location }
        "$root/infra/terraform/machine.tf", "$root/infra/machine/wms-keeper", "$root/infra/README.md" | Should -Exist
        Get-Content "$root/infra/machine/setup.sh" | Should -Be '# mine'
    }

    It 'says how the place of the state is written' {
        { Invoke-WmsTerraform -Backend my-terraform-state } | Should -Throw "*'my-terraform-state' is not NAME=VALUE. Write it as bucket=*"
    }

    It 'says that terraform is missing' {
        Invoke-WithTerraform -Missing { { Invoke-WmsTerraform $folder } | Should -Throw -ErrorId 'TerraformMissing,*' }
    }

    It 'is an error of its own: <Fault>' -ForEach @(
        @{ Fault = 'locked'; Id = 'TerraformStateLocked' }
        @{ Fault = 'failed'; Id = 'TerraformFailed' }
    ) {
        Set-Content "$folder/fault" $Fault
        $call = { Invoke-WithTerraform { Invoke-WmsTerraform $folder } }
        $call | Should -Throw -ErrorId "$Id,*"
    }

    It 'refuses a plan that is stale, damaged or missing' {
        $plan = "$folder/.terraform/wms.tfplan"
        $apply = { Invoke-WithTerraform { Invoke-WmsTerraform $folder -Apply -PlanPath $plan -Confirm:$false } }
        Set-Content "$folder/fault" stale
        $apply | Should -Throw -ErrorId 'TerraformPlanStale,*'
        Remove-Item "$folder/fault"
        Set-Content $plan 'no plan'
        $apply | Should -Throw -ErrorId 'TerraformPlanUnusable,*'
        Remove-Item $plan
        $apply | Should -Throw -ErrorId 'PathNotFound,*'
    }
}
