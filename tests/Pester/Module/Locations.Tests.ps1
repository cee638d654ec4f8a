# Folders that the user did not choose: the module's own, in a profile that OneDrive moved, and the one for temporary files.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    # A surname, and letters of no Western code page; on Windows a percent sign is legal too.
    $odd = "M$([char]0xfc)ller $([char]0x43c)$([char]0x438)$([char]0x440) 100 % & (2)"
    $job = @'
        $ErrorActionPreference = 'Stop'
        $null = New-WmsSampleDataset ./meters -Size 128 -Count 24 -Seed 3
        $report = Test-WmsDataset ./meters -ReportPath ./report.html
        $run = Start-WmsTraining ./meters -OutputPath ./run -BaseChannels 4 -Stage 64x1x8 -WarningAction Ignore 6> $null
        $windows = @(Invoke-WmsPrediction ./meters/images -Model ./run -OutputPath ./masks -Precision Float32)
        $windows | Export-WmsReport -OutputPath ./windows.html
        [ordered]@{
            Status  = "$($report.Status)"
            Best    = $run.BestEpoch
            Masks   = @(Get-ChildItem ./masks -Filter *.png).Count
            Module  = (Get-Module WaterMeters).ModuleBase
            Help    = (Get-Help Invoke-WmsPrediction).Synopsis
            Own     = @([Diagnostics.Process]::GetCurrentProcess().Modules.FileName -match 'WaterMeters\.(lib)?(onnxruntime|SkiaSharp)')
            Temp    = [IO.Path]::GetTempPath()
        } | ConvertTo-Json -Compress
'@
    function Invoke-Job([string] $Script, [Collections.IDictionary] $Environment, [switch] $ImportModule) {
        $child = Invoke-ChildPwsh "$Script`n$job" -Environment $Environment -WorkingDirectory (New-TestFolder) -ImportModule:$ImportModule `
            -TimeoutSeconds 300
        $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
        $child.Output[-1] | ConvertFrom-Json
    }
}

Describe 'A module folder in OneDrive, with spaces and letters of other alphabets' {
    It 'works for all that the module loads from its own folder' {
        $modules = Join-Path (New-TestFolder) "OneDrive - $odd" 'Dokumente' 'PowerShell' 'Modules'
        $null = New-Item -ItemType Directory $modules
        Copy-Item -LiteralPath (Get-ModulePath) (Join-Path $modules 'WaterMeters') -Recurse
        # Found by its name, as users do.
        $result = Invoke-Job 'Import-Module WaterMeters' @{ PSModulePath = $modules }
        $result.Module | Should -Be (Join-Path $modules 'WaterMeters')
        $result.Status, $result.Best, $result.Masks | Should -Be 'Pass', 1, 24
        $result.Help | Should -Be 'Finds the digit window on photos of water meters.'
        $result.Own.Count | Should -BeGreaterThan 1
        foreach ($library in $result.Own) { $library | Should -BeLike "$(Join-Path $modules 'WaterMeters' 'deps' '*')" }
    }
}

Describe 'A folder for temporary files with spaces and letters of other alphabets' {
    It 'is used by the cmdlets of a process, and nothing is left in it' {
        $temp = (New-Item -ItemType Directory (Join-Path (New-TestFolder) "Temp $odd")).FullName
        $result = Invoke-Job '' @{ TEMP = $temp; TMP = $temp; TMPDIR = $temp } -ImportModule
        $result.Temp.TrimEnd('\', '/') | Should -Be $temp
        $result.Status, $result.Best, $result.Masks | Should -Be 'Pass', 1, 24
        Get-FileName $temp | Should -BeNullOrEmpty
    }
}
